import { BelongsTo, Derived, Moment, Uuid } from '../../../core/table/field-decorators.js';
import { Stored } from '../../../core/table/stored.js';
import { Credential } from '../../credentials/credential.entity.js';
import { SecurityIncident } from '../security-incident.entity.js';

/** A credential that an incident touches. Marked for rotation: `marked_at` is set and `rotated_at` is not. */
@Stored({ table: 'incident_credentials', unique: [['incident_id', 'credential_id']] })
export class IncidentCredential {
  @Uuid({ primary: true }) id!: string;
  @BelongsTo(() => SecurityIncident, { onDelete: 'CASCADE', index: false }) incident_id!: string;
  @BelongsTo(() => Credential, { onDelete: 'CASCADE' }) credential_id!: string;
  @Moment({ index: false }) added_at!: string;
  @Moment({ optional: true, index: false }) marked_at!: string | null;
  @Moment({ optional: true, index: false, description: 'When it got a new secret, since it was added' })
  rotated_at!: string | null;

  @Derived({ type: 'string', nullable: true }) name?: string | null;
  @Derived({ type: 'string' }) service_name?: string;
  @Derived({ type: 'boolean' }) needs_rotation?: boolean;
}
