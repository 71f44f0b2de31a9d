import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { IfSent, Normalized } from '../../../core/resource/bodies/body-decorators.js';
import { IsInstant, IsVisible } from '../../../core/table/validators.js';
import { type Template, TEMPLATES } from './deadline-templates.js';

export class CreateDeadlineBody {
  @ApiPropertyOptional({ enum: [...TEMPLATES], description: 'Or label and due_at; needs aware_at' })
  @IfSent()
  @IsIn([...TEMPLATES])
  template?: Template;

  @ApiPropertyOptional({ minLength: 1, maxLength: 255 })
  @Normalized()
  @IfSent()
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  @IsVisible()
  label?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  @IfSent()
  @IsInstant()
  due_at?: string;
}

export class UpdateDeadlineBody {
  @ApiPropertyOptional({ type: 'string', format: 'date-time', nullable: true })
  @IsOptional()
  @IsInstant()
  notified_at?: string | null;

  @ApiPropertyOptional({ type: 'string', minLength: 1, maxLength: 500, nullable: true })
  @Normalized()
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  @IsVisible()
  reference?: string | null;
}
