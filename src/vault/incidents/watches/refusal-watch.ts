import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AppSettings } from '../../../core/config/settings.js';
// The type of the event is declared there.
import type { RefusedEvent } from '../../../core/audit/refusals.js';
import { EventBus } from '../../../core/events/events.js';
import { Series } from '../../series.js';
import { IncidentsService } from '../incidents.service.js';

const READING = /^credential\.(view|decrypt|reveal|break_glass)$/;
const MOST_LINKED = 100;

/** Somebody who is refused secrets again and again is an incident; counted in this process. */
@Injectable()
export class RefusalWatch implements OnModuleInit {
  private readonly refused: Series;
  private readonly noted = new Map<string, RefusedEvent>();
  private count = 0;

  constructor(
    settings: AppSettings,
    private readonly events: EventBus,
    private readonly incidents: IncidentsService,
  ) {
    this.refused = new Series(settings.REFUSED_REVEAL_LIMIT, settings.MASS_REVEAL_WINDOW_MINUTES * 60_000);
  }

  onModuleInit(): void {
    this.events.on('audit.refused', fact => this.note(fact));
  }

  /** Each counts, of the same credential too: codes are guessed as ids are. Who only forgot a header is no suspect. */
  private async note(fact: RefusedEvent): Promise<void> {
    const { actor_id, actor_name, action, resource_type, details } = fact;
    if (actor_id === null || resource_type !== 'credential' || !READING.test(action)) return;
    if (details.policy !== undefined && details.given === false) return;
    // What is open already needs no breaking of the glass: nothing was kept from anybody.
    if (details.status === 409) return;
    const key = String(++this.count);
    this.noted.set(key, fact);
    // More than any window asks for; the oldest go.
    for (const old of this.noted.keys())
      if (this.noted.size > 10_000) this.noted.delete(old);
      else break;
    const many = this.refused.add(actor_id, [key]);
    if (!many) return;
    const facts = many.flatMap(one => this.noted.get(one) ?? []);
    await this.incidents.raise({
      key: `refused_reveals:${actor_id}`,
      incident_type: 'unauthorized_access',
      severity: 'medium',
      title: `Secrets refused to ${actor_name ?? 'somebody'} again and again`,
      text: `${actor_name ?? 'Somebody'} was refused ${many.length} times within a short time when reading credentials`,
      journal_ids: distinct(facts.map(one => one.journal_id)).slice(0, 1000),
      credential_ids: distinct(facts.map(one => one.resource_id)).slice(0, MOST_LINKED),
    });
  }
}

function distinct(ids: (string | null)[]): string[] {
  return [...new Set(ids)].filter(id => id !== null);
}
