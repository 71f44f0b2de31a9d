import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { systemActor } from '../../core/context/actor.js';
import { Logger } from '../../core/context/logger.js';
import { runAs } from '../../core/context/request-context.js';
import { inParts, insertIgnoring, type SqlValue } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { Periodic } from '../../core/workers/periodic.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import { TOTAL } from './recall-term.entity.js';

const PAUSE_MS = 60_000;
/** Entries that are read together. */
const PART = 500;
/** One unit counts entries until it has so many different terms: others wait for it. */
const MOST_COUNTS = 1_000;
/** The term under which the last entry stands that was counted: `recall_terms` keeps its own progress. */
const LAST = ' last';

interface Count {
  term: string;
  holder: string;
  count: number;
}

/**
 * Counts how many entries have each term, apart for each client and for each user's own: every minute those that came
 * since, in pieces, so that a common term is known before its entries are read. What is changed or deleted stays counted
 * as it was: the figures are estimates.
 */
@Injectable()
export class TermStatistics implements OnModuleInit, OnApplicationShutdown {
  private readonly periodic = new Periodic(() => runAs(systemActor('memory'), () => this.countAll()), {
    every: PAUSE_MS,
    failed: error => this.logger.warn({ err: error }, 'the terms of the memory could not be counted'),
  });

  constructor(
    private readonly units: Units,
    private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.periodic.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.periodic.end();
  }

  /** Counts what has come since it was called last; one after the other. */
  refresh(): Promise<void> {
    return this.periodic.now();
  }

  private async countAll(): Promise<void> {
    while (!this.periodic.hasEnded && (await this.countPart())) await nextTurn();
  }

  /** Whether there is more. */
  private async countPart(): Promise<boolean> {
    const { sql } = this.units;
    const key = sql.dialect === 'sqlite' ? 'rowid' : 'n';
    const [known] = await sql.select<{ documents: number }>(
      `SELECT documents FROM recall_terms WHERE term = ?`,
      [LAST],
    );
    const after = known?.documents ?? 0;
    const text =
      `SELECT ${key} AS n, terms, (SELECT COALESCE(client_id, user_id, '') FROM recall_entries ` +
      `WHERE recall_entries.n = recall_index.${key}) AS holder FROM recall_index WHERE ${key} > ? ORDER BY ${key} LIMIT ${PART}`;
    const found = await sql.scan<{ n: number; terms: string; holder: string | null }>(text, [after]);
    if (found.length === 0) return false;
    let last = after;
    let counted = 0;
    const counts = new Map<string, Count>();
    const add = (term: string, holder: string) => {
      const one = counts.get(`${term} ${holder}`) ?? { term, holder, count: 0 };
      counts.set(`${term} ${holder}`, { ...one, count: one.count + 1 });
    };
    for (const { n, terms, holder } of found) {
      if (counts.size >= MOST_COUNTS) break;
      if (turnIsOver()) await nextTurn();
      last = Number(n);
      counted++;
      for (const term of new Set([TOTAL, ...terms.split(' ')])) add(term, holder ?? '');
    }
    return this.units.run(async () => {
      // Another server may have counted these meanwhile: its progress is further then.
      if (!(await this.proceed(after, last))) return true;
      // In one order, so that nobody waits for each other.
      const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
      for (const part of inParts(sorted)) await this.add(part);
      return counted < found.length || found.length === PART;
    });
  }

  private async proceed(after: number, last: number): Promise<boolean> {
    const { sql } = this.units;
    if (after === 0) {
      const insert = insertIgnoring(sql.dialect);
      await sql.change(`${insert} INTO recall_terms (term, holder, documents) VALUES (?, '', 0)`, [LAST]);
    }
    const text = 'UPDATE recall_terms SET documents = ? WHERE term = ? AND documents = ?';
    return (await sql.change(text, [last, LAST, after])) === 1;
  }

  private async add(counts: readonly Count[]): Promise<void> {
    const { sql } = this.units;
    const adding =
      sql.dialect === 'sqlite'
        ? 'ON CONFLICT (term, holder) DO UPDATE SET documents = documents + excluded.documents'
        : 'ON DUPLICATE KEY UPDATE documents = documents + VALUES(documents)';
    const lines = counts.map(() => '(?, ?, ?)').join(', ');
    const values = counts.flatMap(({ term, holder, count }): SqlValue[] => [term, holder, count]);
    await sql.change(`INSERT INTO recall_terms (term, holder, documents) VALUES ${lines} ${adding}`, values);
  }
}
