import { Injectable } from '@nestjs/common';
import { ConflictError, NotFoundError, ValidationError } from '../../../core/context/errors.js';
import { newId } from '../../../core/database/new-id.js';
import { now } from '../../../core/database/values.js';
import { ResourceKit } from '../../../core/resource/kit.js';
import type { RawQuery } from '../../../core/resource/lists/query-parts.js';
import type { Page } from '../../../core/resource/lists/page.js';
import { DEADLINES, dueAt, type DeadlineRule } from './deadline-templates.js';
import type { CreateDeadlineBody, UpdateDeadlineBody } from './incident-deadline.bodies.js';
import { childPage, childSpec, incidentFact } from '../incident-children.js';
import { IncidentDeadline } from './incident-deadline.entity.js';
import type { SecurityIncident } from '../security-incident.entity.js';

export const DEADLINE = childSpec(IncidentDeadline, 'incident_deadline', 'incident-deadlines');

type NewDeadline = Pick<IncidentDeadline, 'template' | 'label' | 'due_at'>;

/** By when whom an incident must be notified to, and when that was done. */
@Injectable()
export class IncidentDeadlinesService {
  constructor(private readonly kit: ResourceKit) {}

  list(incident: SecurityIncident, raw: RawQuery): Promise<Page<IncidentDeadline>> {
    return childPage(this.kit, DEADLINE, incident.id, 'due_at', raw);
  }

  all(incident: SecurityIncident): Promise<IncidentDeadline[]> {
    return this.kit.rows.find(IncidentDeadline, { incident_id: incident.id }, { order: 'due_at, id' });
  }

  /** All deadlines of a template, or one by hand; 409 when the incident has those of the template already. */
  add(incident: SecurityIncident, body: CreateDeadlineBody): Promise<IncidentDeadline[]> {
    return this.insert(incident, wanted(incident, body));
  }

  async change(incident: SecurityIncident, id: string, body: UpdateDeadlineBody): Promise<IncidentDeadline> {
    return this.kit.units.run(async () => {
      const before = await this.kit.rows.findOne(IncidentDeadline, { id, incident_id: incident.id });
      if (!before)
        throw new NotFoundError('IncidentDeadline was not found', {
          resource_type: 'IncidentDeadline',
          resource_id: id,
        });
      const row = { ...before, ...given(body) };
      await this.kit.rows.update(IncidentDeadline, { id }, row);
      this.recordChange(incident, 'deadline_update', row, {
        notified_at: [before.notified_at, row.notified_at],
        reference: [before.reference, row.reference],
      });
      return row;
    });
  }

  /**
   * What the incident's own fields ask for: personal data opens the deadline of the GDPR and no personal data
   * closes it again; what is counted from `aware_at` moves with it, unless the notification was made.
   */
  async follow(incident: SecurityIncident, before?: SecurityIncident): Promise<void> {
    if (before?.aware_at === incident.aware_at && before.is_personal_data === incident.is_personal_data)
      return;
    const known = before ? await this.all(incident) : [];
    const gdpr = known.find(one => one.template === 'gdpr_72h');
    const gone = before?.is_personal_data && !incident.is_personal_data && gdpr?.notified_at === null;
    if (gone) await this.withdraw(incident, gdpr);
    if (before && before.aware_at !== incident.aware_at)
      await this.move(incident, gone ? known.filter(one => one !== gdpr) : known);
    if (incident.is_personal_data && incident.aware_at !== null && !gdpr)
      await this.insert(incident, wanted(incident, { template: 'gdpr' }));
  }

  private async move(incident: SecurityIncident, known: IncidentDeadline[]): Promise<void> {
    for (const deadline of known) {
      const rule = DEADLINES.find(one => one.name === deadline.template);
      if (!rule || deadline.notified_at !== null) continue;
      const due_at = dueAt(awareAt(incident, 'aware_at'), rule);
      await this.kit.rows.update(IncidentDeadline, { id: deadline.id }, { due_at });
      this.recordChange(incident, 'deadline_update', deadline, { due_at: [deadline.due_at, due_at] });
    }
  }

  private async withdraw(incident: SecurityIncident, deadline: IncidentDeadline): Promise<void> {
    await this.kit.rows.remove(IncidentDeadline, { id: deadline.id });
    this.recordChange(incident, 'deadline_withdraw', deadline, { is_personal_data: [true, false] });
  }

  private insert(incident: SecurityIncident, deadlines: NewDeadline[]): Promise<IncidentDeadline[]> {
    return this.kit.units.run(async () => {
      const rows = deadlines.map(one => ({
        id: newId(),
        incident_id: incident.id,
        ...one,
        notified_at: null,
        reference: null,
        created_at: now(),
      }));
      await this.kit.rows.insert(IncidentDeadline, ...rows).catch((error: unknown) => {
        throw error instanceof ConflictError && error.details.field === 'template'
          ? new ConflictError('The incident has the deadlines of this template already', error.details)
          : error;
      });
      for (const row of rows)
        this.recordChange(incident, 'deadline_add', row, { due_at: [null, row.due_at] });
      return rows;
    });
  }

  private recordChange(
    incident: SecurityIncident,
    verb: string,
    deadline: IncidentDeadline,
    changes: Record<string, [unknown, unknown]>,
  ): void {
    const { id, template, label } = deadline;
    this.kit.audit.record(incidentFact(incident, verb, { deadline_id: id, template, label }, changes));
  }
}

/** What is sent, as it is stored; what is absent stays. */
function given(body: UpdateDeadlineBody): Partial<Pick<IncidentDeadline, 'notified_at' | 'reference'>> {
  const { notified_at, reference } = body;
  return {
    ...(notified_at === undefined ? {} : { notified_at: notified_at && new Date(notified_at).toISOString() }),
    ...(reference === undefined ? {} : { reference }),
  };
}

function awareAt(incident: SecurityIncident, field: string): string {
  if (incident.aware_at !== null) return incident.aware_at;
  const message = 'deadlines are counted from aware_at, which is not set';
  throw ValidationError.of(field, message, 'aware_at');
}

function wanted(incident: SecurityIncident, body: CreateDeadlineBody): NewDeadline[] {
  const { template, label, due_at } = body;
  if (template !== undefined) {
    if (label !== undefined || due_at !== undefined)
      throw ValidationError.of('template', 'stands alone, or label and due_at without it', 'conflict');
    return DEADLINES.filter(one => one.template === template).map(rule => fromRule(incident, rule));
  }
  if (label !== undefined && due_at !== undefined)
    return [{ template: null, label, due_at: new Date(due_at).toISOString() }];
  if (label === undefined && due_at === undefined)
    throw ValidationError.of('template', 'is required, or else label and due_at', 'required');
  throw ValidationError.of(label === undefined ? 'label' : 'due_at', 'is required', 'required');
}

function fromRule(incident: SecurityIncident, rule: DeadlineRule): NewDeadline {
  return { template: rule.name, label: rule.label, due_at: dueAt(awareAt(incident, 'template'), rule) };
}
