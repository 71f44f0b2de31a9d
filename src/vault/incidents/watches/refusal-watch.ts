import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { AppSettings } from '../../../core/config/settings.js';
import { Logger } from '../../../core/context/logger.js';
// The type of the event is declared there.
import type { RefusedEvent } from '../../../core/audit/refusals.js';
import { EventBus } from '../../../core/events/events.js';
import { SharedCounts } from '../../../core/http/limits/shared-counts.js';
import { Series } from '../../series.js';
import { IncidentsService } from '../incidents.service.js';
import { Gathered } from './gathered.js';

const READING = /^credential\.(view|decrypt|reveal|break_glass)$/;
/** How long further refusals of a series are gathered, in milliseconds. */
const PAUSE = 10_000;
/** Told on the timeline in one entry. */
const BATCH = 1_000;

interface Seen {
  fact: RefusedEvent;
  total: number;
}

/** Somebody who is refused secrets again and again, in whichever process, is an incident. */
@Injectable()
export class RefusalWatch implements OnModuleInit, OnApplicationShutdown {
  private readonly refused: Series;
  private readonly noted = new Map<string, RefusedEvent>();
  private readonly seen: Gathered<Seen>;
  private count = 0;

  constructor(
    settings: AppSettings,
    private readonly events: EventBus,
    private readonly incidents: IncidentsService,
    private readonly counts: SharedCounts,
    logger: Logger,
  ) {
    this.seen = new Gathered(
      PAUSE,
      many => this.raise(many),
      error => logger.error({ err: error }, 'an incident could not be opened'),
    );
    this.refused = new Series(settings.REFUSED_REVEAL_LIMIT, settings.MASS_REVEAL_WINDOW_MINUTES * 60_000);
  }

  onModuleInit(): void {
    this.events.on('audit.refused', fact => this.note(fact));
  }

  onApplicationShutdown(): Promise<void> {
    return this.seen.close();
  }

  /** Adds what was gathered to the incidents at once. */
  flush(): Promise<void> {
    return this.seen.flush();
  }

  /** Each counts, of the same credential too: codes are guessed as ids are. Who only forgot a header is no suspect. */
  private async note(fact: RefusedEvent): Promise<void> {
    const { actor_id, action, resource_type, details } = fact;
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
    const name = `refused:${actor_id}`.slice(0, 80);
    const many = this.refused.add(actor_id, [key], this.counts.elsewhere(name).points);
    this.counts.note(name, { points: this.refused.count(actor_id), left: this.refused.window });
    if (!many) return;
    const { fresh, total } = many;
    const facts = fresh.flatMap(one => this.noted.get(one) ?? []);
    await this.seen.add(actor_id, ...facts.map(one => ({ fact: one, total })));
  }

  /** Of one actor, in order. */
  private async raise(seen: Seen[]): Promise<void> {
    for (let from = 0; from < seen.length; from += BATCH) {
      const part = seen.slice(from, from + BATCH);
      const [first] = part as [Seen];
      const { actor_id, actor_name } = first.fact;
      const who = actor_name ?? 'Somebody';
      const total = part.at(-1)?.total ?? 0;
      await this.incidents.raise({
        key: `refused_reveals:${String(actor_id)}`,
        suspect_id: actor_id ?? undefined,
        incident_type: 'unauthorized_access',
        severity: 'medium',
        title: `Secrets refused to ${actor_name ?? 'somebody'} again and again`,
        text:
          total === part.length
            ? `${who} was refused ${total} times within a short time when reading credentials`
            : `${who} was refused ${part.length} more times when reading credentials, ${total} within a short time`,
        journal_ids: distinct(part.map(({ fact }) => fact.journal_id)),
        credential_ids: distinct(part.map(({ fact }) => fact.resource_id)),
      });
    }
  }
}

function distinct(ids: (string | null)[]): string[] {
  return [...new Set(ids)].filter(id => id !== null);
}
