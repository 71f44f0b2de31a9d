import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsString, MaxLength, MinLength, ValidateIf } from 'class-validator';
import { normalizeText } from '../../core/resource/bodies/bodies.js';
import { IsInstant } from '../../core/table/validators.js';
import { type Template, TEMPLATES } from './deadlines/deadline-templates.js';
import { WRITTEN_KINDS } from './timeline/incident-timeline-entry.entity.js';

/** Absent is allowed, null is not. */
const IfSent = () => ValidateIf((_body: object, value: unknown) => value !== undefined);
const IfSentOrNull = () =>
  ValidateIf((_body: object, value: unknown) => value !== undefined && value !== null);
const Normal = () => Transform(({ value }) => normalizeText({}, value));

export class ReopenIncidentBody {
  @ApiProperty({ minLength: 1, maxLength: 2000, description: 'Written to the timeline, not to the report' })
  @Normal()
  @IsString()
  @MinLength(1)
  @MaxLength(2000)
  reason!: string;
}

export class CreateTimelineEntryBody {
  @ApiPropertyOptional({ format: 'date-time', description: 'When it happened; now when absent' })
  @IfSent()
  @IsInstant()
  at?: string;

  @ApiPropertyOptional({ enum: [...WRITTEN_KINDS], default: 'note' })
  @IfSent()
  @IsIn([...WRITTEN_KINDS])
  kind?: (typeof WRITTEN_KINDS)[number];

  @ApiProperty({ minLength: 1, maxLength: 65_535 })
  @IsString()
  @MinLength(1)
  @MaxLength(65_535)
  text!: string;

  @ApiPropertyOptional({ default: false, description: 'Stands in the report to the client' })
  @IfSent()
  @IsBoolean()
  client_visible?: boolean;
}

export class CreateDeadlineBody {
  @ApiPropertyOptional({ enum: [...TEMPLATES], description: 'Or label and due_at; needs aware_at' })
  @IfSent()
  @IsIn([...TEMPLATES])
  template?: Template;

  @ApiPropertyOptional({ minLength: 1, maxLength: 255 })
  @Normal()
  @IfSent()
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  label?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  @IfSent()
  @IsInstant()
  due_at?: string;
}

export class UpdateDeadlineBody {
  @ApiPropertyOptional({ type: 'string', format: 'date-time', nullable: true })
  @IfSentOrNull()
  @IsInstant()
  notified_at?: string | null;

  @ApiPropertyOptional({ type: 'string', minLength: 1, maxLength: 500, nullable: true })
  @Normal()
  @IfSentOrNull()
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  reference?: string | null;
}
