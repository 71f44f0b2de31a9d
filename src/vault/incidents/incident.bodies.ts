import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength } from 'class-validator';
import { Normalized } from '../../core/resource/bodies/body-decorators.js';

export class ReopenIncidentBody {
  @ApiProperty({
    minLength: 1,
    maxLength: 2000,
    example: 'The same account has sent mail again',
    description: 'Written to the timeline, not to the report',
  })
  @Normalized()
  @IsString()
  @MinLength(1)
  @MaxLength(2000)
  reason!: string;
}
