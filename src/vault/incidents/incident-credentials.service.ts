import { Injectable } from '@nestjs/common';
import { marks } from '../../core/database/sql.js';
import { currentActor } from '../../core/http/request-context.js';
import { encodeMoment, now } from '../../core/resource/codec.js';
import { ResourceKit } from '../../core/resource/kit.js';
import { resourceOf } from '../../core/resource/resource.js';
import { clientRestriction } from '../../core/resource/restriction.js';
import { incidentFact } from './incident-children.js';
import { IncidentCredential } from './incident-credential.entity.js';
import { SecurityIncident } from './security-incident.entity.js';

interface Marked {
  id: string;
  credential_id: string;
  client_id: string | null;
  name: string | null;
  service_name: string;
}

/** Not yet marked; or rotated before the incident was last reopened, and so for what was known then. */
const TO_MARK =
  'incident_credentials.incident_id = ? AND ((incident_credentials.marked_at IS NULL AND incident_credentials.rotated_at IS NULL) ' +
  'OR incident_credentials.rotated_at < (SELECT MAX(t.created_at) FROM incident_timeline t ' +
  "WHERE t.incident_id = incident_credentials.incident_id AND t.kind = 'reopened'))";

/** Which credentials must be rotated because of an incident: marked here, and closed by their rotation. */
@Injectable()
export class IncidentCredentialsService {
  constructor(private readonly kit: ResourceKit) {}

  /**
   * Why credentials must be rotated, by id; those that need not are left out. One query. Names only incidents
   * that the actor may see.
   */
  async reasonsFor(credential_ids: readonly string[]): Promise<Map<string, string>> {
    if (credential_ids.length === 0) return new Map();
    const seen = clientRestriction(resourceOf(SecurityIncident), currentActor());
    const title = seen
      ? `CASE WHEN ${seen.sql} THEN security_incidents.title END`
      : 'security_incidents.title';
    const rows = await this.kit.units.sql.select<{ credential_id: string; title: string | null }>(
      `SELECT incident_credentials.credential_id, ${title} AS title FROM incident_credentials ` +
        'JOIN security_incidents ON security_incidents.id = incident_credentials.incident_id ' +
        `WHERE incident_credentials.credential_id IN (${marks(credential_ids.length)}) ` +
        'AND incident_credentials.marked_at IS NOT NULL AND incident_credentials.rotated_at IS NULL ' +
        'ORDER BY incident_credentials.marked_at, incident_credentials.id',
      [...(seen?.values ?? []), ...credential_ids],
    );
    const reasons = new Map<string, Set<string>>();
    for (const { credential_id, title: named } of rows) {
      const known = reasons.get(credential_id) ?? new Set();
      reasons.set(
        credential_id,
        known.add(named === null ? 'Affected by a security incident' : `Security incident: ${named}`),
      );
    }
    return new Map([...reasons].map(([id, texts]) => [id, [...texts].join('; ')]));
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
        'SELECT incident_credentials.id, incident_credentials.credential_id, credentials.client_id, ' +
          'credentials.name, credentials.service_name FROM incident_credentials ' +
          `JOIN credentials ON credentials.id = incident_credentials.credential_id WHERE ${TO_MARK}`,
        [incident.id],
      );
      if (found.length > 0) await this.mark(incident, found);
      const credential_ids = found.map(one => one.credential_id);
      this.kit.audit.record(incidentFact(incident, 'rotate_affected', { credential_ids }));
      return credential_ids;
    });
  }

  private async mark(incident: SecurityIncident, found: Marked[]): Promise<void> {
    const ids = found.map(one => one.id);
    await this.kit.units.sql.change(
      'UPDATE incident_credentials SET marked_at = ?, rotated_at = NULL ' +
        `WHERE ${TO_MARK} AND incident_credentials.id IN (${marks(ids.length)})`,
      [encodeMoment(now()), incident.id, ...ids],
    );
    this.kit.audit.record(
      ...found.map(({ credential_id, client_id, name, service_name }) => ({
        action: 'credential.update',
        resource_type: 'credential',
        resource_id: credential_id,
        client_id,
        name: name ?? service_name,
        details: { service_name, changed_fields: ['needs_rotation'], incident_id: incident.id },
      })),
    );
  }
}
