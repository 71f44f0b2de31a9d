import { BelongsTo, ListOf, Moment, Text, Uuid } from '../../../core/table/field-decorators.js';
import { Stored } from '../../../core/table/stored.js';
import { SecurityIncident } from '../security-incident.entity.js';

/** The line of a report about an affected credential that was deleted after the incident. */
@Stored({ table: 'incident_deleted_credentials' })
export class IncidentDeletedCredential {
  /** That of the link, so that the lines keep their order. */
  @Uuid({ primary: true }) id!: string;
  @BelongsTo(() => SecurityIncident, { onDelete: 'CASCADE' }) incident_id!: string;
  @Uuid({ optional: true }) client_id!: string | null;
  @Text() service_name!: string;
  /** The users who could see the credential when it was deleted, by id; administrators see every line. */
  @ListOf('uuid') readers!: string[];
  @Moment({ optional: true, index: false }) rotated_at!: string | null;
  @Moment({ index: false }) deleted_at!: string;
}
