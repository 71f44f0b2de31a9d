import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import { IfSent } from '../../../core/resource/bodies/body-decorators.js';
import { IsInstant, IsPlain } from '../../../core/table/validators.js';
import { WRITTEN_KINDS } from './incident-timeline-entry.entity.js';

export class CreateTimelineEntryBody {
  @ApiPropertyOptional({ format: 'date-time', description: 'When it happened; now when absent' })
  @IfSent()
  @IsInstant()
  at?: string;

  @ApiPropertyOptional({ enum: [...WRITTEN_KINDS], default: 'note' })
  @IfSent()
  @IsIn([...WRITTEN_KINDS])
  kind?: (typeof WRITTEN_KINDS)[number];

  @ApiProperty({ minLength: 1, maxLength: 65_535, example: 'Blocked the account' })
  @IsString()
  @MinLength(1)
  @MaxLength(65_535)
  @IsPlain()
  text!: string;

  @ApiPropertyOptional({ default: false, description: 'Stands in the report to the client' })
  @IfSent()
  @IsBoolean()
  client_visible?: boolean;
}
