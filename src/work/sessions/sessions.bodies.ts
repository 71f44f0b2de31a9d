import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { IfSent } from '../../core/resource/bodies/body-decorators.js';
import { IsInstant, IsPlain } from '../../core/table/validators.js';
import { STATUSES } from './session.entity.js';
import type { Closing } from './sessions.service.js';

const CLOSED = STATUSES.filter(one => one !== 'in_progress');

export class CloseSessionBody implements Closing {
  @ApiPropertyOptional({
    format: 'date-time',
    description:
      'Now when absent; required (422) for a session without started_at whose session_date is not today',
  })
  @IfSent()
  @IsInstant()
  ended_at?: string;

  @ApiPropertyOptional({ enum: CLOSED, default: 'completed' })
  @IfSent()
  @IsIn(CLOSED)
  status?: (typeof CLOSED)[number];

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 65_535, description: 'Stays when absent' })
  @IsOptional()
  @IsString()
  @MaxLength(65_535)
  @IsPlain()
  summary?: string | null;
}
