import type { QueryRunner } from 'typeorm';

type Value = string | number | null;

/** Rows of a schema as it was once: what is not given is null, or something of its type where that may not be. */
export class RowsOfBefore {
  constructor(readonly runner: QueryRunner) {}

  get isSqlite(): boolean {
    return this.runner.connection.options.type === 'better-sqlite3';
  }

  /** Nothing but the migrations' own statements is tried: rows refer to nothing, and hold any word. */
  async loosen(): Promise<void> {
    const statements = this.isSqlite
      ? ['PRAGMA foreign_keys = OFF', 'PRAGMA ignore_check_constraints = ON']
      : ['SET SESSION foreign_key_checks = 0', 'SET SESSION check_constraint_checks = 0'];
    for (const statement of statements) await this.runner.query(statement);
  }

  async put(table: string, ...rows: Record<string, Value>[]): Promise<void> {
    const needed = await this.neededOf(table);
    for (const row of rows) {
      const whole: Record<string, Value> = { ...needed, ...row };
      const names = Object.keys(whole);
      await this.runner.query(
        `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
        Object.values(whole),
      );
    }
  }

  async read(text: string): Promise<Record<string, unknown>[]> {
    return (await this.runner.query(text)) as Record<string, unknown>[];
  }

  /** A value for each column that may not be null. */
  private async neededOf(table: string): Promise<Record<string, Value>> {
    const columns = this.isSqlite
      ? await this.read(`SELECT name, type, "notnull" AS needed FROM pragma_table_info('${table}')`)
      : await this.read(
          "SELECT column_name AS name, data_type AS type, CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END AS needed " +
            `FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '${table}'`,
        );
    return Object.fromEntries(
      columns
        .filter(({ name, needed }) => Number(needed) === 1 && name !== 'id')
        .map(({ name, type }) => [String(name), valueOf(String(type))]),
    );
  }
}

function valueOf(type: string): Value {
  if (/int|decimal/i.test(type)) return 1;
  if (/datetime|timestamp/i.test(type)) return '2026-01-31 08:00:00.000';
  return /^date$/i.test(type) ? '2026-01-31' : 'x';
}
