import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Logger } from '../../context/logger.js';
import { MainDatabase } from '../../database/main-database.js';
import { newId } from '../../database/new-id.js';
import { inParts, placeholders } from '../../database/sql.js';
import { DelayedTask } from '../../workers/delayed-task.js';
// Its table is declared there.
import './shared-count.entity.js';

/** How long counts are gathered before others are told of them, in milliseconds. */
export const GATHERED_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
/** Names of which others are told at once; beyond them a flood of addresses is counted by each process alone. */
const MOST_NAMES = 10_000;
const PART = 500;
/** What has ended is removed with every so many exchanges. */
const EXCHANGES_PER_SWEEP = 60;
const SWEPT = 5_000;

/** What was counted within a window, and the milliseconds until it ends. */
export interface Counted {
  points: number;
  left: number;
}

interface Ending {
  points: number;
  /** By `performance.now()`. */
  ends: number;
}

const NOTHING: Counted = { points: 0, left: 0 };

/**
 * What all processes have counted together, on one host or several: each tells the database once in
 * a second what it has counted, and hears what the others have, so that nobody gets more than a second's traffic beyond
 * a limit, and no request waits for a statement. On SQLite there is one server, which knows everything by itself.
 */
@Injectable()
export class SharedCounts implements OnApplicationShutdown {
  private readonly id = newId();
  private readonly fresh = new Map<string, Ending>();
  private readonly others = new LRUCache<string, Ending>({ max: 5 * MOST_NAMES });
  /** Told in the last exchange: what others tell meanwhile is heard in the next one. */
  private told: string[] = [];
  private exchanges = 0;
  private readonly exchanging = new DelayedTask(() => this.exchange(), {
    pause: GATHERED_MS,
    longestPause: LONGEST_PAUSE_MS,
    failed: error => this.logger.warn({ err: error }, 'the counts of limits cannot be shared'),
  });

  constructor(
    private readonly database: MainDatabase,
    private readonly logger: Logger,
  ) {}

  /** What other processes had counted under this name a second ago. */
  elsewhere(name: string): Counted {
    const known = this.others.get(name);
    const left = known ? known.ends - performance.now() : 0;
    return known && left > 0 ? { points: known.points, left } : NOTHING;
  }

  /** Tells others how much was counted here in the present window. */
  note(name: string, { points, left }: Counted): void {
    if (this.database.dialect === 'sqlite') return;
    if (this.fresh.size >= MOST_NAMES && !this.fresh.has(name)) return;
    this.fresh.set(name, { points, ends: performance.now() + left });
    this.exchanging.soon();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.exchanging.end();
  }

  private async exchange(): Promise<void> {
    const fresh = [...this.fresh];
    for (const part of inParts(fresh, PART)) {
      await this.tell(part);
      for (const [name, told] of part) if (this.fresh.get(name) === told) this.fresh.delete(name);
    }
    const names = fresh.map(([name]) => name);
    for (const part of inParts([...new Set([...names, ...this.told])], PART)) await this.hear(part);
    this.told = names;
    if (names.length > 0) this.exchanging.soon();
    if (this.exchanges++ % EXCHANGES_PER_SWEEP === 0) await this.sweep();
  }

  private async tell(part: [string, Ending][]): Promise<void> {
    const now = performance.now();
    const line = '(?, ?, ?, UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND)';
    await this.database.connections.commitOne(
      `INSERT INTO shared_counts (name, process_id, points, ends_at) VALUES ${part.map(() => line).join(', ')} ` +
        'ON DUPLICATE KEY UPDATE points = VALUES(points), ends_at = VALUES(ends_at)',
      part.flatMap(([name, { points, ends }]) => [
        name,
        this.id,
        points,
        Math.max(0, Math.round((ends - now) * 1_000)),
      ]),
    );
  }

  private async hear(names: string[]): Promise<void> {
    const now = performance.now();
    const rows = await this.database.connections.reader.select<{
      name: string;
      points: string;
      left_us: number;
    }>(
      'SELECT name, SUM(points) AS points, MAX(TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), ends_at)) AS left_us ' +
        `FROM shared_counts WHERE name IN (${placeholders(names.length)}) AND process_id <> ? AND ends_at > UTC_TIMESTAMP(3) ` +
        'GROUP BY name',
      [...names, this.id],
    );
    for (const { name, points, left_us } of rows)
      this.others.set(name, { points: Number(points), ends: now + Number(left_us) / 1_000 });
  }

  private async sweep(): Promise<void> {
    await this.database.connections.commitOne(
      `DELETE FROM shared_counts WHERE ends_at < UTC_TIMESTAMP(3) - INTERVAL 1 MINUTE LIMIT ${SWEPT}`,
      [],
    );
  }
}
