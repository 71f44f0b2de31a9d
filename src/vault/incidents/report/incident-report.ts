import { ApiProperty } from '@nestjs/swagger';
import { INCIDENT_TYPES, OUTCOMES, SEVERITIES } from '../security-incident.entity.js';
import { STATUSES } from '../security-incident.entity.js';

const text = { type: 'string', nullable: true } as const;
const moment = { type: 'string', format: 'date-time', nullable: true } as const;

export class ReportedEvent {
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty() kind!: string;
  @ApiProperty() text!: string;
}

export class ReportedDeadline {
  @ApiProperty() label!: string;
  @ApiProperty({ format: 'date-time' }) due_at!: string;
  @ApiProperty(moment) notified_at!: string | null;
  @ApiProperty(text) reference!: string | null;
}

export class ReportedCredential {
  @ApiProperty() service_name!: string;
  @ApiProperty(moment) rotated_at!: string | null;
}

/** What a client may read of an incident: no working notes, no names of technicians, no internal entries. */
export class IncidentReport {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() title!: string;
  @ApiProperty({ enum: [...INCIDENT_TYPES] }) incident_type!: string;
  @ApiProperty({ format: 'date' }) incident_date!: string;
  @ApiProperty({ enum: [...SEVERITIES] }) severity!: string;
  @ApiProperty({ enum: [...STATUSES] }) status!: string;
  @ApiProperty({ enum: [...OUTCOMES] }) outcome!: string;
  @ApiProperty() is_personal_data!: boolean;
  @ApiProperty(moment) detected_at!: string | null;
  @ApiProperty(moment) aware_at!: string | null;
  @ApiProperty(moment) contained_at!: string | null;
  @ApiProperty(moment) resolved_at!: string | null;
  @ApiProperty(text) description!: string | null;
  @ApiProperty(text) root_cause!: string | null;
  @ApiProperty(text) remediation_steps!: string | null;
  @ApiProperty({ type: [ReportedEvent] }) timeline!: ReportedEvent[];
  @ApiProperty({ type: [ReportedDeadline] }) deadlines!: ReportedDeadline[];
  @ApiProperty({
    type: [ReportedCredential],
    description: "The client's own ones that the caller may see",
  })
  credentials!: ReportedCredential[];
}
