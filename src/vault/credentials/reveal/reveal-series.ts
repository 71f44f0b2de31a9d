import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AppSettings } from '../../../core/config/settings.js';
import { Logger } from '../../../core/context/logger.js';
import { MainDatabase } from '../../../core/database/main-database.js';
import { decodeMoment, encodeMoment } from '../../../core/database/values.js';
import { EventBus } from '../../../core/events/events.js';
import { currentActor } from '../../../core/context/request-context.js';
import { DelayedTask } from '../../../core/workers/delayed-task.js';
import { type Growth, Series } from '../../series.js';
// The type of the event is declared there.
import type {} from '../../vault-events.js';

/** After a reveal it is asked what the same actor has revealed in other processes. */
const PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** The newest of an actor are enough to find different ones. */
const MOST_ENTRIES = 2_000;

/**
 * Notices who reveals unusually much, in whichever process: what others have seen stands on the trail, and is asked for
 * of those who are below the limit here. On SQLite there is one server.
 */
@Injectable()
export class RevealSeries implements OnApplicationShutdown {
  private readonly revealed: Series;
  /** Names by id. */
  private readonly actors = new Map<string, string>();
  private readonly asking = new DelayedTask(() => this.askForOthers(), {
    pause: PAUSE_MS,
    longestPause: LONGEST_PAUSE_MS,
    failed: error => this.logger.warn({ err: error }, 'reveals of other processes are not known'),
  });

  constructor(
    private readonly settings: AppSettings,
    private readonly events: EventBus,
    private readonly database: MainDatabase,
    private readonly logger: Logger,
  ) {
    this.revealed = new Series(settings.MASS_REVEAL_LIMIT, settings.MASS_REVEAL_WINDOW_MINUTES * 60_000);
  }

  /** After reveals are on the record; a bulk is judged once, by its size. Past the limit, each further one is told. */
  noteRevealed(credential_ids: string[]): void {
    const { id, name } = currentActor();
    this.tell(id, name, this.revealed.add(id, credential_ids));
    if (this.database.dialect === 'sqlite' || !this.isBelow(id)) return;
    this.actors.set(id, name);
    this.asking.soon();
  }

  onApplicationShutdown(): Promise<void> {
    return this.asking.end();
  }

  private isBelow(id: string): boolean {
    return this.revealed.count(id) < this.settings.MASS_REVEAL_LIMIT;
  }

  private async askForOthers(): Promise<void> {
    for (const [id, name] of [...this.actors]) {
      const since = encodeMoment(new Date(Date.now() - this.revealed.window).toISOString());
      const rows = await this.database.connections.reader.select<{ id: string; at: string }>(
        "SELECT resource_id AS id, at FROM journal WHERE actor_id = ? AND at > ? AND outcome = 'ok' " +
          "AND action IN ('credential.decrypt', 'credential.reveal') AND resource_id IS NOT NULL " +
          `ORDER BY at DESC LIMIT ${MOST_ENTRIES}`,
        [id, since],
      );
      this.actors.delete(id);
      const done = rows.map(row => ({ id: row.id, at: Date.parse(decodeMoment(row.at)) }));
      this.tell(id, name, this.revealed.learn(id, firstOfEach(done)));
    }
  }

  private tell(actor_id: string, actor_name: string, many: Growth | undefined): void {
    if (!many) return;
    const { fresh, total } = many;
    this.events.announce('vault.mass_reveal', { actor_id, actor_name, credential_ids: fresh, total });
  }
}

/** Of several times, the first in the list. */
function firstOfEach<T extends { id: string }>(list: readonly T[]): T[] {
  const seen = new Set<string>();
  return list.filter(({ id }) => !seen.has(id) && seen.add(id));
}
