import { createHash } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isConnectionLost } from './database-errors.js';

type Migration = new () => MigrationInterface;

/** Which statements of a migration that has not ended were begun, and which are done. Empty in between. */
export const STEPS_TABLE = 'migration_steps';
const CREATE = `CREATE TABLE IF NOT EXISTS ${STEPS_TABLE} (
  migration varchar(255) NOT NULL, step char(64) NOT NULL, done tinyint NOT NULL, PRIMARY KEY (migration, step)
) ENGINE=InnoDB`;

const SCHEMA = /^\s*(?:CREATE|ALTER|DROP|RENAME|TRUNCATE)\b/i;
const ROWS = /^\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b/i;

/**
 * What a statement of the schema says when it has been done before: table, column, index, constraint, trigger are there
 * (1050, 1060, 1061, 1826, 1359) or gone (1051, 1091, 1360), or have their new name already (1054, 1146).
 */
const DONE_BEFORE = new Set([1050, 1060, 1061, 1826, 1359, 1051, 1091, 1360]);
const RENAMED_BEFORE = new Set([...DONE_BEFORE, 1054, 1146]);

function errnoOf(error: unknown): number {
  const cause = (error as { driverError?: unknown }).driverError ?? error;
  return (cause as { errno?: number }).errno ?? 0;
}

function isDoneBefore(error: unknown, text: string): boolean {
  const codes = /\b(?:RENAME|CHANGE)\b/i.test(text) ? RENAMED_BEFORE : DONE_BEFORE;
  return codes.has(errnoOf(error));
}

/** The server has answered, and so the statement was not carried out. */
const isRefusal = (error: unknown) => errnoOf(error) >= 1000 && !isConnectionLost(error);

/** Runs the statements of one migration, and passes over those that an earlier attempt has run. */
class Steps {
  /** How often the same statement came before in this migration. */
  private readonly times = new Map<string, number>();

  constructor(
    private readonly runner: QueryRunner,
    private readonly migration: string,
    /** Of an earlier attempt: 1 done, 0 begun, and so in doubt: one at most. */
    private readonly earlier: Map<string, number>,
  ) {}

  static async of(runner: QueryRunner, migration: string): Promise<Steps> {
    await runner.query(CREATE);
    const rows = (await runner.query(`SELECT step, done FROM ${STEPS_TABLE} WHERE migration = ?`, [
      migration,
    ])) as { step: string; done: number }[];
    return new Steps(runner, migration, new Map(rows.map(({ step, done }) => [step, Number(done)])));
  }

  async query(text: string, values?: unknown[]): Promise<unknown> {
    if (!SCHEMA.test(text) && !ROWS.test(text)) return this.runner.query(text, values) as Promise<unknown>;
    const step = this.nameOf(text, values);
    const state = this.earlier.get(step);
    if (state === 1) return [];
    return ROWS.test(text) ? this.changeRows(step, text, values) : this.changeSchema(step, text, state === 0);
  }

  private nameOf(text: string, values: unknown[] = []): string {
    const said = JSON.stringify([text, values]);
    const time = (this.times.get(said) ?? 0) + 1;
    this.times.set(said, time);
    return createHash('sha256').update(`${time} ${said}`).digest('hex');
  }

  /** Each statement is whole or not at all, but commits by itself: it is noted before and after. */
  private async changeSchema(step: string, text: string, inDoubt: boolean): Promise<unknown> {
    if (!inDoubt) await this.note(step, 0);
    let result: unknown = [];
    try {
      result = await this.runner.query(text);
    } catch (error) {
      if (inDoubt && isDoneBefore(error, text)) return this.note(step, 1);
      // Without an answer of the server it stays in doubt.
      if (!inDoubt && isRefusal(error)) await this.forget(step);
      throw error;
    }
    await this.note(step, 1);
    return result;
  }

  private async changeRows(step: string, text: string, values?: unknown[]): Promise<unknown> {
    await this.runner.query('START TRANSACTION');
    try {
      const result: unknown = await this.runner.query(text, values);
      await this.note(step, 1);
      await this.runner.query('COMMIT');
      return result;
    } catch (error) {
      await this.runner.query('ROLLBACK');
      throw error;
    }
  }

  private async forget(step: string): Promise<void> {
    await this.runner.query(`DELETE FROM ${STEPS_TABLE} WHERE migration = ? AND step = ?`, [
      this.migration,
      step,
    ]);
  }

  private async note(step: string, done: number): Promise<void> {
    await this.runner.query(
      `INSERT INTO ${STEPS_TABLE} (migration, step, done) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE done = VALUES(done)`,
      [this.migration, step, done],
    );
  }
}

/** The runner with another `query`; all else is the runner's own. */
function through(runner: QueryRunner, steps: Steps): QueryRunner {
  return new Proxy(runner, {
    get(target, name) {
      if (name === 'query') return (text: string, values?: unknown[]) => steps.query(text, values);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/**
 * The same migration, which goes on where an earlier attempt ended: killed, out of disk, or without a privilege.
 * MariaDB commits every statement of the schema by itself; on SQLite a migration is one transaction and needs none of it.
 */
export function resumable(migration: Migration): Migration {
  class Resumable extends migration {
    override async up(runner: QueryRunner): Promise<void> {
      const isSqlite = runner.connection.options.type === 'better-sqlite3';
      await super.up(
        isSqlite ? runner : through(runner, await Steps.of(runner, this.name ?? migration.name)),
      );
    }
  }
  Object.defineProperty(Resumable, 'name', { value: migration.name });
  return Resumable;
}

/** Forgets the statements of migrations that have ended. */
export async function forgetSteps(runner: QueryRunner): Promise<void> {
  if (!(await runner.hasTable(STEPS_TABLE))) return;
  await runner.query(`DELETE FROM ${STEPS_TABLE} WHERE migration IN (SELECT name FROM migrations)`);
}
