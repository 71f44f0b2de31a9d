import { ApiProperty } from '@nestjs/swagger';
import {
  INCIDENT_TYPES,
  OUTCOMES,
  SEVERITIES,
  STATUSES,
} from '../../../vault/incidents/security-incident.entity.js';
import { ReportAnswer } from '../report.answers.js';

export const DEADLINE_STATES = ['met', 'late', 'open', 'overdue'] as const;
export type DeadlineState = (typeof DEADLINE_STATES)[number];

const moment = () => ApiProperty({ type: String, format: 'date-time', nullable: true });
const numbers = (names: readonly string[], description: string) => ({
  type: 'object' as const,
  description,
  properties: Object.fromEntries(names.map(one => [one, { type: 'integer' as const }])),
  required: [...names],
});

class IncidentDeadlineRow {
  @ApiProperty({ format: 'uuid' }) incident_id!: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) client_id!: string | null;
  @ApiProperty({ type: String, nullable: true }) client_name!: string | null;
  @ApiProperty() title!: string;
  @ApiProperty({ enum: INCIDENT_TYPES }) incident_type!: string;
  @ApiProperty({ enum: SEVERITIES }) severity!: string;
  @ApiProperty({ enum: STATUSES }) status!: string;
  @ApiProperty({ enum: OUTCOMES }) outcome!: string;
  @ApiProperty({ format: 'date' }) incident_date!: string;
  @moment() resolved_at!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Null for an incident without one' })
  deadline!: string | null;
  @moment() due_at!: string | null;
  @moment() notified_at!: string | null;
  @ApiProperty({
    enum: DEADLINE_STATES,
    nullable: true,
    description: '`met` and `late`: notified in time, or after it; `open` and `overdue`: not notified',
  })
  deadline_state!: DeadlineState | null;
}

export class IncidentsOfPeriod extends ReportAnswer {
  @ApiProperty({
    type: [IncidentDeadlineRow],
    description: 'One for each deadline; the newest incident first',
  })
  rows!: IncidentDeadlineRow[];
  @ApiProperty({ type: 'integer' }) incidents!: number;
  @ApiProperty(numbers(SEVERITIES, 'Incidents')) by_severity!: Record<string, number>;
  @ApiProperty(numbers(STATUSES, 'Incidents')) by_status!: Record<string, number>;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, example: { '2026-01': 3 } })
  by_month!: Record<string, number>;
  @ApiProperty(numbers(DEADLINE_STATES, 'Deadlines')) deadlines!: Record<DeadlineState, number>;
}
