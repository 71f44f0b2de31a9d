import { Injectable, type OnModuleInit } from '@nestjs/common';
import { inParts, placeholders } from '../../../core/database/sql.js';
import { encodeMoment, now } from '../../../core/database/values.js';
import { ResourceKit } from '../../../core/resource/kit.js';
import { RotationService } from '../../credentials/rotation.service.js';
import { incidentFact } from '../incident-children.js';
import { IncidentCredential } from './incident-credential.entity.js';
import { SecurityIncident } from '../security-incident.entity.js';

/** Names no incident: not everybody who sees the credential may see that. */
const DEMAND = 'a security incident affects it';

type Marked = Pick<IncidentCredential, 'id' | 'credential_id'>;

/** Not yet marked; or rotated before the incident was last reopened, and so for what was known then. */
const TO_MARK =
  'incident_credentials.incident_id = ? AND ((incident_credentials.marked_at IS NULL AND incident_credentials.rotated_at IS NULL) ' +
  'OR incident_credentials.rotated_at < (SELECT MAX(t.created_at) FROM incident_timeline t ' +
  "WHERE t.incident_id = incident_credentials.incident_id AND t.kind = 'reopened'))";

/** Which credentials must be rotated because of an incident: marked here, and closed by their rotation. */
@Injectable()
export class IncidentCredentialsService implements OnModuleInit {
  constructor(
    private readonly kit: ResourceKit,
    private readonly rotations: RotationService,
  ) {}

  onModuleInit(): void {
    this.rotations.follow(credential_id => this.closeFor(credential_id));
  }

  /** A credential has a new secret: what incidents wanted of it is done. Joins the running unit. */
  async closeFor(credential_id: string): Promise<void> {
    await this.kit.units.run(async () => {
      const open = await this.kit.rows.find(IncidentCredential, { credential_id, rotated_at: null });
      if (open.length === 0) return;
      const ids = open.map(one => one.id);
      await this.kit.rows.update(IncidentCredential, { id: ids }, { rotated_at: now() });
      const incidents = await this.kit.rows.find(SecurityIncident, { id: open.map(one => one.incident_id) });
      this.kit.audit.record(
        ...incidents.map(one => incidentFact(one, 'credential_rotated', { credential_ids: [credential_id] })),
      );
    });
  }

  /** Marks what the incident affects, seen by the actor or not; says which credentials were marked just now. */
  markAll(incident: SecurityIncident): Promise<string[]> {
    return this.kit.units.run(async () => {
      const found = await this.kit.units.sql.select<Marked>(
        `SELECT id, credential_id FROM incident_credentials WHERE ${TO_MARK}`,
        [incident.id],
      );
      if (found.length > 0) await this.mark(incident, found);
      const credential_ids = found.map(one => one.credential_id);
      this.kit.audit.record(incidentFact(incident, 'rotate_affected', { credential_ids }));
      return credential_ids;
    });
  }

  private async mark(incident: SecurityIncident, found: Marked[]): Promise<void> {
    const time = encodeMoment(now());
    for (const ids of inParts(found.map(one => one.id)))
      await this.kit.units.sql.change(
        'UPDATE incident_credentials SET marked_at = ?, rotated_at = NULL ' +
          `WHERE ${TO_MARK} AND incident_credentials.id IN (${placeholders(ids.length)})`,
        [time, incident.id, ...ids],
      );
    for (const { credential_id } of found)
      await this.rotations.demand(credential_id, DEMAND, { incident_id: incident.id });
  }
}
