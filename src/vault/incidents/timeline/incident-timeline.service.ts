import { Injectable } from '@nestjs/common';
import { currentActor } from '../../../core/context/request-context.js';
import { newId } from '../../../core/database/new-id.js';
import { now } from '../../../core/database/values.js';
import { ResourceKit } from '../../../core/resource/kit.js';
import type { RawQuery } from '../../../core/resource/lists/query-parts.js';
import type { Page } from '../../../core/resource/lists/page.js';
import { childPage, childSpec, incidentFact } from '../incident-children.js';
import { IncidentTimelineEntry } from './incident-timeline-entry.entity.js';
import type { SecurityIncident } from '../security-incident.entity.js';

export const TIMELINE = childSpec(IncidentTimelineEntry, 'incident_timeline_entry', 'incident-timeline');

/** What is written; who and when follow from the request. */
export type NewTimelineEntry = Pick<IncidentTimelineEntry, 'text'> &
  Partial<Pick<IncidentTimelineEntry, 'at' | 'kind' | 'client_visible' | 'journal_ids'>>;

/** The timeline of an incident: it only grows, and goes with its incident. */
@Injectable()
export class IncidentTimelineService {
  constructor(private readonly kit: ResourceKit) {}

  list(incident: SecurityIncident, raw: RawQuery): Promise<Page<IncidentTimelineEntry>> {
    return childPage(this.kit, TIMELINE, incident.id, 'at', raw);
  }

  /** Every entry that the client may read, oldest first. */
  shared(incident: SecurityIncident): Promise<IncidentTimelineEntry[]> {
    const where = { incident_id: incident.id, client_visible: true };
    return this.kit.rows.find(IncidentTimelineEntry, where, { order: 'at, id' });
  }

  append(incident: SecurityIncident, given: NewTimelineEntry): Promise<IncidentTimelineEntry> {
    return this.kit.units.run(async () => {
      const actor = currentActor();
      const entry: IncidentTimelineEntry = {
        id: newId(),
        incident_id: incident.id,
        at: new Date(given.at ?? now()).toISOString(),
        kind: given.kind ?? 'note',
        text: given.text,
        client_visible: given.client_visible ?? false,
        actor_id: actor.kind === 'system' ? null : actor.id,
        actor: actor.name.slice(0, 255),
        journal_ids: given.journal_ids ?? null,
        created_at: now(),
      };
      await this.kit.rows.insert(IncidentTimelineEntry, entry);
      const { kind, text, client_visible, at } = entry;
      const details = { entry_id: entry.id, kind, text, client_visible, at };
      this.kit.audit.record(incidentFact(incident, 'timeline_add', details));
      return entry;
    });
  }
}
