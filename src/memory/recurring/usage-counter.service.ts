import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Audit } from '../../core/audit/audit.service.js';
import { systemActor } from '../../core/context/actor.js';
import { Logger } from '../../core/context/logger.js';
import { runAs } from '../../core/context/request-context.js';
import { inParts, type SqlValue } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { encodeMoment, now } from '../../core/database/values.js';
import { DelayedTask } from '../../core/workers/delayed-task.js';
import { Rows } from '../../core/table/rows.js';
import { MemoryUsage } from './memory-usage.entity.js';

export interface Usage {
  usage_count: number;
  last_used_at: string | null;
}

const PAUSE_MS = 5_000;
/** The pause grows up to this while the database is away. */
const LONGEST_PAUSE_MS = 300_000;
/** So many different rows are written without waiting for the end of the pause. */
const MOST_WAITING = 1_000;
/** While the database is away, no further rows than these are counted. */
const MOST_KEPT = 20_000;

/**
 * Counts how often rows are read: in memory first, and every five seconds in the table, with one statement and one
 * entry. What waits is lost when the process is killed; a server that stops writes it.
 */
@Injectable()
export class UsageCounter implements OnApplicationShutdown {
  private waiting = new Map<string, MemoryUsage>();
  private readonly writing = new DelayedTask(() => this.writeAll(), {
    pause: PAUSE_MS,
    longestPause: LONGEST_PAUSE_MS,
    failed: error => this.logger.warn({ err: error }, 'usage of the memory could not be counted'),
  });

  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly audit: Audit,
    private readonly logger: Logger,
  ) {}

  count(id: string): void {
    this.add({ id, usage_count: 1, last_used_at: now() });
    // After a failure the end of the pause is waited for, however many there are.
    if (this.waiting.size >= MOST_WAITING && this.writing.isCalm) void this.flush();
  }

  private add(used: MemoryUsage): void {
    const known = this.waiting.get(used.id);
    if (!known && this.waiting.size >= MOST_KEPT) return;
    const usage_count = (known?.usage_count ?? 0) + used.usage_count;
    const times = [used.last_used_at, known?.last_used_at ?? ''];
    this.waiting.set(used.id, { id: used.id, usage_count, last_used_at: times.sort().at(-1) as string });
    this.writing.soon();
  }

  /** Rows with what is stored of their use and what waits, together. */
  async shown<T extends { id: string }>(rows: T[]): Promise<(T & Usage)[]> {
    const stored = await this.stored(rows.map(one => one.id));
    return rows.map(row => {
      const [old, fresh] = [stored.get(row.id), this.waiting.get(row.id)];
      const usage_count = (old?.usage_count ?? 0) + (fresh?.usage_count ?? 0);
      return { ...row, usage_count, last_used_at: fresh?.last_used_at ?? old?.last_used_at ?? null };
    });
  }

  /** How often rows were used, by their ids; those that never were are left out. */
  async countsOf(ids: readonly string[]): Promise<Map<string, number>> {
    const counts = new Map([...(await this.stored(ids))].map(([id, one]) => [id, one.usage_count]));
    for (const id of ids) {
      const fresh = this.waiting.get(id)?.usage_count ?? 0;
      if (fresh > 0) counts.set(id, (counts.get(id) ?? 0) + fresh);
    }
    return counts;
  }

  private async stored(ids: readonly string[]): Promise<Map<string, MemoryUsage>> {
    const found = await this.rows.find(MemoryUsage, { id: ids });
    return new Map(found.map(one => [one.id, one]));
  }

  /** Of rows that are deleted, in the unit that does it. */
  async forget(ids: string[]): Promise<void> {
    for (const id of ids) this.waiting.delete(id);
    await this.rows.remove(MemoryUsage, { id: ids });
  }

  flush(): Promise<void> {
    return this.writing.now();
  }

  onApplicationShutdown(): Promise<void> {
    return this.flush();
  }

  private async writeAll(): Promise<void> {
    const batch = this.waiting;
    if (batch.size === 0) return;
    this.waiting = new Map();
    try {
      await this.units.outside(() => this.write([...batch.values()]));
    } catch (error) {
      for (const used of batch.values()) this.add(used);
      throw error;
    }
  }

  private write(used: MemoryUsage[]): Promise<void> {
    // In one order, so that two servers do not wait for each other.
    used.sort((a, b) => (a.id < b.id ? -1 : 1));
    return runAs(systemActor('memory usage'), () =>
      this.units.run(async () => {
        for (const part of inParts(used)) {
          const values = part.flatMap((one): SqlValue[] => [
            one.id,
            one.usage_count,
            encodeMoment(one.last_used_at),
          ]);
          const lines = part.map(() => '(?, ?, ?)').join(', ');
          await this.units.sql.change(
            `INSERT INTO memory_usage (id, usage_count, last_used_at) VALUES ${lines} ${this.adding()}`,
            values,
          );
        }
        this.audit.record({ action: 'memory.used', details: { rows: used.length } });
      }),
    );
  }

  private adding(): string {
    return this.units.sql.dialect === 'sqlite'
      ? 'ON CONFLICT (id) DO UPDATE SET usage_count = usage_count + excluded.usage_count, last_used_at = excluded.last_used_at'
      : 'ON DUPLICATE KEY UPDATE usage_count = usage_count + VALUES(usage_count), last_used_at = VALUES(last_used_at)';
  }
}
