import { Injectable } from '@nestjs/common';
import { isAdmin, reaches, requireReach } from '../../../core/context/actor.js';
import { currentActor } from '../../../core/context/request-context.js';
import { forShare } from '../../../core/database/locks.js';
import { placeholders } from '../../../core/database/sql.js';
import { NotFoundError, ValidationError } from '../../../core/context/errors.js';
import { newId } from '../../../core/database/new-id.js';
import { decodeMoment, now } from '../../../core/database/values.js';
import { ResourceKit } from '../../../core/resource/kit.js';
import type { RawQuery } from '../../../core/resource/lists/query-parts.js';
import type { Page } from '../../../core/resource/lists/page.js';
import type { AnyResourceService, Referred } from '../../../core/resource/resource-registry.js';
import type { Clause } from '../../../core/table/clause.js';
import { retryIfTaken } from '../../../core/resource/retry.js';
import { Credential } from '../../credentials/credential.entity.js';
import { childPage, childSpec, incidentFact } from '../incident-children.js';
import { requireMayUnlink } from '../detected.js';
import type { Detection } from '../detection.js';
import { IncidentCredential } from './incident-credential.entity.js';
import { IncidentDeletedCredential } from './incident-deleted-credential.entity.js';
import type { ReportedCredential } from '../report/incident-report.js';
import { IncidentTimelineService } from '../timeline/incident-timeline.service.js';
import type { SecurityIncident } from '../security-incident.entity.js';

export const AFFECTED = childSpec(IncidentCredential, 'incident_credential', 'incident-credentials');

/** Credentials that one statement names. */
const BATCH = 500;

/** The credentials that an incident affects; everybody learns of those only that they may see. */
@Injectable()
export class AffectedCredentialsService {
  constructor(
    private readonly kit: ResourceKit,
    private readonly timeline: IncidentTimelineService,
  ) {}

  async list(incident: SecurityIncident, raw: RawQuery): Promise<Page<IncidentCredential>> {
    this.requireReach();
    const page = await childPage<IncidentCredential>(
      this.kit,
      AFFECTED,
      incident.id,
      'id',
      raw,
      this.visible(),
    );
    return { ...page, items: await this.named(page.items) };
  }

  /** Of those that the actor may see, the ones of the incident's own client, in the order they were added. */
  async ofTheClient(incident: SecurityIncident): Promise<ReportedCredential[]> {
    this.requireReach();
    if (incident.client_id === null) return [];
    const { sql, values } = this.visible();
    const rows = await this.kit.units.sql.select<ReportedCredential & { id: string }>(
      'SELECT incident_credentials.id, credentials.service_name, incident_credentials.rotated_at FROM incident_credentials ' +
        'JOIN credentials ON credentials.id = incident_credentials.credential_id ' +
        `WHERE incident_credentials.incident_id = ? AND credentials.client_id = ? AND ${sql} ` +
        'ORDER BY incident_credentials.id',
      [incident.id, incident.client_id, ...values],
    );
    const present = rows.map(({ rotated_at, ...one }) => ({
      ...one,
      rotated_at: rotated_at && decodeMoment(rotated_at),
    }));
    const lines = [...present, ...(await this.deletedOf(incident))];
    // The ids are those of the links.
    lines.sort((one, other) => (one.id < other.id ? -1 : 1));
    return lines.map(({ service_name, rotated_at }) => ({ service_name, rotated_at }));
  }

  /** Neither rotated since they were added nor archived: those that the actor may see, and whether there are more. */
  async notRotated(incident: SecurityIncident): Promise<{ seen: string[]; more: boolean }> {
    const { sql, values } = this.visible();
    const rows = await this.kit.units.sql.select<{ credential_id: string; is_seen: unknown }>(
      `SELECT incident_credentials.credential_id, CASE WHEN ${sql} THEN 1 ELSE 0 END AS is_seen ` +
        'FROM incident_credentials JOIN credentials ON credentials.id = incident_credentials.credential_id ' +
        'WHERE incident_credentials.incident_id = ? AND incident_credentials.rotated_at IS NULL ' +
        'AND credentials.archived_at IS NULL ORDER BY incident_credentials.id',
      [...values, incident.id],
    );
    const isReached = reaches(currentActor(), this.credentials().spec.path);
    const seen = rows.filter(one => isReached && Number(one.is_seen) === 1).map(one => one.credential_id);
    return { seen, more: seen.length < rows.length };
  }

  /** Those that were deleted since, for whoever could see them then. */
  private async deletedOf(incident: SecurityIncident): Promise<(ReportedCredential & { id: string })[]> {
    const { id: incident_id, client_id } = incident;
    const rows = await this.kit.rows.find(IncidentDeletedCredential, { incident_id, client_id });
    const actor = currentActor();
    return rows.filter(({ readers }) => isAdmin(actor) || readers.includes(actor.id));
  }

  /** Twice is once. 404 where the actor does not see the credential, 422 where it belongs to another client. */
  async link(incident: SecurityIncident, credential_id: string): Promise<IncidentCredential> {
    return this.kit.units.run(async () => {
      this.requireReach();
      const credential = await this.credentials().reference(credential_id);
      if (!credential) throw missing(credential_id);
      if (credential.client_id && incident.client_id && credential.client_id !== incident.client_id)
        throw ValidationError.of('credential_id', 'belongs to another client', 'client');
      const known = await this.find(incident, credential_id);
      const [row] = known ? [known] : await this.insert(incident, credential_id);
      const [named] = await this.named(row ? [row] : []);
      return named as IncidentCredential;
    });
  }

  /** For detections: a credential that is gone, or of another client, keeps no incident from being opened. */
  async linkWhatFits(incident: SecurityIncident, credential_ids: readonly string[]): Promise<void> {
    const ids = [...new Set(credential_ids)];
    for (let from = 0; from < ids.length; from += BATCH) {
      const part = ids.slice(from, from + BATCH);
      const clients = await this.clientsOf(part);
      const links = await this.kit.rows.find(IncidentCredential, {
        incident_id: incident.id,
        credential_id: part,
      });
      const linked = new Set(links.map(one => one.credential_id));
      const fits = (id: string) => {
        const client = clients.get(id);
        return client === null || (client !== undefined && [client, null].includes(incident.client_id));
      };
      await this.insert(incident, ...part.filter(id => !linked.has(id) && fits(id)));
    }
  }

  /** The client of each credential that there is; none of them goes before the unit ends. */
  private async clientsOf(credential_ids: readonly string[]): Promise<Map<string, string | null>> {
    const clients = new Map<string, string | null>();
    const { sql } = this.kit.units;
    for (let from = 0; from < credential_ids.length; from += BATCH) {
      const part = credential_ids.slice(from, from + BATCH);
      const rows = await sql.select<Pick<Credential, 'id' | 'client_id'>>(
        `SELECT id, client_id FROM credentials WHERE id IN (${placeholders(part.length)})${forShare(sql.dialect)}`,
        part,
      );
      for (const { id, client_id } of rows) clients.set(id, client_id);
    }
    return clients;
  }

  /**
   * A detection for each client whose credentials are affected, so that its incident is seen by those who see the
   * client; credentials without a client have one together.
   */
  async byClient(detection: Detection): Promise<[Detection, ...Detection[]]> {
    const { client_id, credential_ids = [] } = detection;
    if (client_id !== undefined || credential_ids.length === 0) return [detection];
    const clients = await this.clientsOf(credential_ids);
    const groups = new Map<string | null, string[]>();
    for (const id of credential_ids) {
      const client = clients.get(id);
      if (client !== undefined) groups.set(client, [...(groups.get(client) ?? []), id]);
    }
    const [first, ...others] = [...groups].map(([client, ids]) => ({
      ...detection,
      client_id: client,
      credential_ids: ids,
    }));
    return first ? [first, ...others] : [detection];
  }

  async unlink(incident: SecurityIncident, credential_id: string): Promise<void> {
    await this.kit.units.run(async () => {
      this.requireReach();
      const seen = await this.credentials().reference(credential_id);
      const row = seen && (await this.find(incident, credential_id));
      if (!row) throw missing(credential_id);
      requireMayUnlink(incident);
      await this.kit.rows.remove(IncidentCredential, { id: row.id });
      this.kit.audit.record(incidentFact(incident, 'credential_remove', { credential_id }));
      await this.timeline.append(incident, { kind: 'action', text: unlinkedText(credential_id) });
    });
  }

  /** 422 where affected credentials belong to another client than the one that the incident moves to. */
  async requireClient({ id, client_id }: Referred): Promise<void> {
    if (client_id === null) return;
    const others = await this.kit.units.sql.select(
      'SELECT 1 FROM incident_credentials JOIN credentials ON credentials.id = incident_credentials.credential_id ' +
        'WHERE incident_credentials.incident_id = ? AND credentials.client_id <> ? LIMIT 1',
      [id, client_id],
    );
    if (others.length > 0)
      throw ValidationError.of('client_id', 'affected credentials belong to another client', 'client');
  }

  private async insert(
    incident: SecurityIncident,
    ...credential_ids: string[]
  ): Promise<IncidentCredential[]> {
    const rows = credential_ids.map(credential_id => ({
      id: newId(),
      incident_id: incident.id,
      credential_id,
      added_at: now(),
      marked_at: null,
      rotated_at: null,
    }));
    await this.kit.rows.insert(IncidentCredential, ...rows).catch(retryIfTaken(['credential_id']));
    const facts = credential_ids.map(credential_id =>
      incidentFact(incident, 'credential_add', { credential_id }),
    );
    if (facts.length > 0) this.kit.audit.record(...facts);
    return rows;
  }

  private find(incident: SecurityIncident, credential_id: string): Promise<IncidentCredential | undefined> {
    return this.kit.rows.findOne(IncidentCredential, { incident_id: incident.id, credential_id });
  }

  /** An access token that is not for credentials learns of none here. */
  private requireReach(): void {
    requireReach(currentActor(), this.credentials().spec.path);
  }

  private credentials(): AnyResourceService {
    const service = this.kit.registry.of(Credential);
    if (!service) throw new Error('Incidents need the credentials of the vault');
    return service;
  }

  private visible(): Clause {
    const clauses = this.credentials().visible();
    const where = clauses.length > 0 ? ` WHERE ${clauses.map(one => one.sql).join(' AND ')}` : '';
    return {
      sql: `incident_credentials.credential_id IN (SELECT credentials.id FROM credentials${where})`,
      values: clauses.flatMap(one => one.values),
    };
  }

  private async named(rows: IncidentCredential[]): Promise<IncidentCredential[]> {
    const ids = rows.flatMap(one => one.credential_id ?? []);
    if (ids.length === 0) return rows;
    const found = await this.kit.units.sql.select<Pick<Credential, 'id' | 'name' | 'service_name'>>(
      `SELECT id, name, service_name FROM credentials WHERE id IN (${placeholders(ids.length)})`,
      ids,
    );
    const names = new Map(found.map(({ id, name, service_name }) => [id, { name, service_name }]));
    return rows.map(row => ({
      ...row,
      ...names.get(row.credential_id),
      needs_rotation: row.marked_at !== null && row.rotated_at === null,
    }));
  }
}

/** By id alone: who reads the timeline may not see the credential. */
function unlinkedText(credential_id: string): string {
  return `The credential ${credential_id} is no longer linked as affected`;
}

function missing(credential_id: string): NotFoundError {
  return new NotFoundError('Credential was not found', {
    resource_type: 'Credential',
    resource_id: credential_id,
  });
}
