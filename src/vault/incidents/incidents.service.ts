import { Injectable } from '@nestjs/common';
import { systemActor } from '../../core/context/actor.js';
import { currentActor, runAs } from '../../core/context/request-context.js';
import { now } from '../../core/database/values.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import type { Page } from '../../core/resource/lists/page.js';
import type { Referred } from '../../core/resource/resource-registry.js';
import { ResourceService, View } from '../../core/resource/resource.service.js';
import { retryIfTaken } from '../../core/resource/retry.js';
import type { Clause } from '../../core/table/clause.js';
import { AffectedCredentialsService } from './credentials/affected-credentials.service.js';
import { requireAsDetected, requireNoSuspect } from './detected.js';
import type { Detection } from './detection.js';
import { incidentFact } from './incident-children.js';
import { IncidentCredential } from './credentials/incident-credential.entity.js';
import { IncidentDeadline } from './deadlines/incident-deadline.entity.js';
import { IncidentDeadlinesService } from './deadlines/incident-deadlines.service.js';
import { requireFirstStatus, requireReopenable, requireTransition, stampsOf } from './incident-status.js';
import { isAccepted, requireNothingOpen } from './open-ends.js';
import { IncidentTimelineEntry } from './timeline/incident-timeline-entry.entity.js';
import { IncidentTimelineService } from './timeline/incident-timeline.service.js';
import { type IncidentStatus, SecurityIncident } from './security-incident.entity.js';

/** The incident of a detection, and whether it is a new one. */
export interface Raised {
  id: string;
  opened: boolean;
}

/** Security incidents: opened by people and by detections, led through their states, told on their timeline. */
@Injectable()
export class IncidentsService extends ResourceService(SecurityIncident) {
  constructor(
    private readonly timeline: IncidentTimelineService,
    private readonly deadlines: IncidentDeadlinesService,
    private readonly affected: AffectedCredentialsService,
  ) {
    super();
  }

  listByStatus(status: IncidentStatus, raw: RawQuery): Promise<Page<View<SecurityIncident>>> {
    return this.list(raw, { sql: 'security_incidents.status = ?', values: [status] });
  }

  /** Back to the investigation, with a reason; what was set on the way here is taken back. */
  async reopen(id: string, reason: string): Promise<View<SecurityIncident>> {
    return this.kit.units.run(async () => {
      const before = await this.find(id);
      await this.requireWriter(before);
      requireReopenable(before);
      const changes = {
        status: 'investigating',
        contained_at: null,
        resolved_at: null,
        residual_risk: null,
        open_detection: before.open_detection ?? (await this.freeKey(before.detection_key)),
      } as const;
      // While a detection opens another incident of this key, this one is reopened without it.
      const row = await this.change(before, changes, 'reopen', { reason }).catch(
        retryIfTaken(['open_detection']),
      );
      await this.recordStatus(row, before);
      await this.timeline.append(row, { kind: 'reopened', text: reason });
      return this.viewOf(row);
    });
  }

  /**
   * Opens an incident for what a watch has noticed, as the system; while an unresolved one of the same key
   * exists, what was seen is added to that one. Joins the running unit: what must stand although a request
   * fails is raised after it.
   *
   * @returns the incident; of several clients that of the first affected credential
   */
  raise(detection: Detection): Promise<Raised> {
    return runAs(systemActor('detection'), () =>
      this.kit.units.run(async () => {
        const [first, ...others] = await this.affected.byClient(detection);
        const raised = await this.raiseOne(first);
        for (const one of others) await this.raiseOne(one);
        return raised;
      }),
    );
  }

  private async raiseOne(detection: Detection): Promise<Raised> {
    const { key, client_id } = detection;
    // Of another client: its readers have an incident of their own.
    const first = await this.openOf(key);
    const foreign = first && client_id && first.client_id !== client_id;
    const own = foreign ? `${key}:${client_id}` : key;
    const known = foreign ? await this.openOf(own) : first;
    const incident = known ?? (await this.openFor({ ...detection, key: own }));
    const { text, journal_ids, credential_ids = [] } = detection;
    await this.timeline.append(incident, { kind: 'detection', text, journal_ids: journal_ids ?? null });
    await this.affected.linkWhatFits(incident, credential_ids);
    return { id: incident.id, opened: known === undefined };
  }

  /** Incidents without a client are hidden from `only`, but not from the owners of the credentials that they affect. */
  protected override restrictions(): Clause[] {
    const { client_access, id } = currentActor();
    const clauses = super.restrictions();
    if (client_access !== 'only') return clauses;
    const own =
      'security_incidents.client_id IS NULL AND security_incidents.id IN (SELECT l.incident_id FROM incident_credentials l ' +
      'JOIN credentials o ON o.id = l.credential_id WHERE o.owner_id = ? AND o.client_id IS NULL)';
    const allowed = clauses.map(one => one.sql).join(' AND ');
    return [{ sql: `(${allowed} OR (${own}))`, values: [...clauses.flatMap(one => one.values), id] }];
  }

  protected override async requireWriter(before?: SecurityIncident): Promise<void> {
    await super.requireWriter(before);
    if (before) requireNoSuspect(before);
  }

  protected override fill(row: SecurityIncident, before?: SecurityIncident): void {
    if (before) requireAsDetected(row, before);
    row.title ??= titleOf(row);
    if (!before || before.status === row.status) return;
    requireTransition(before, row.status);
    Object.assign(
      row,
      stampsOf(row.status, now()),
      row.status === 'resolved' ? { open_detection: null } : {},
    );
  }

  override checkMoved(row: Referred): Promise<void> {
    return this.affected.requireClient(row);
  }

  protected override async check(row: SecurityIncident, before?: SecurityIncident): Promise<void> {
    if (!before) return requireFirstStatus(row.status);
    if (row.status !== 'resolved' || before.status === 'resolved' || isAccepted(row)) return;
    const deadlines = await this.deadlines.all(row);
    requireNothingOpen(row, { deadlines, credentials: await this.affected.notRotated(row) });
  }

  protected override async after(row: SecurityIncident, before?: SecurityIncident): Promise<void> {
    if (before) await this.recordStatus(row, before);
    await this.deadlines.follow(row, before);
  }

  /** The client is told where it stands; why it was reopened stays inside. */
  private async recordStatus(row: SecurityIncident, before: SecurityIncident): Promise<void> {
    const text = `Status: ${before.status} → ${row.status}`;
    if (before.status !== row.status)
      await this.timeline.append(row, { kind: 'status', text, client_visible: true });
  }

  /** What hangs on it goes with it; the trail keeps what it was. */
  protected override async beforeRemove(row: SecurityIncident): Promise<void> {
    const where = { incident_id: row.id };
    const credentials = await this.kit.rows.find(IncidentCredential, where);
    await this.kit.rows.remove(IncidentCredential, where);
    const deadlines = await this.kit.rows.remove(IncidentDeadline, where);
    const timeline = await this.kit.rows.remove(IncidentTimelineEntry, where);
    const credential_ids = credentials.map(one => one.credential_id);
    this.kit.audit.record(incidentFact(row, 'children_delete', { timeline, deadlines, credential_ids }));
  }

  private openOf(key: string): Promise<SecurityIncident | undefined> {
    return this.kit.rows.findOne(SecurityIncident, { open_detection: key });
  }

  private async freeKey(key: string | null): Promise<string | null> {
    return key !== null && (await this.openOf(key)) === undefined ? key : null;
  }

  private async openFor(detection: Detection): Promise<SecurityIncident> {
    const { key, incident_type, severity, title, client_id, suspect_id = null } = detection;
    const time = now();
    const body = { incident_type, severity, client_id, detected_at: time, incident_date: time.slice(0, 10) };
    const of = { detection_key: key, open_detection: key, suspect_id };
    const row = { ...body, ...of, title: title.slice(0, 500) };
    return this.create(row).catch(retryIfTaken(['open_detection']));
  }
}

/** `data breach 2026-01-31` */
function titleOf({ incident_type, incident_date }: SecurityIncident): string {
  return `${incident_type.replaceAll('_', ' ')} ${incident_date}`;
}
