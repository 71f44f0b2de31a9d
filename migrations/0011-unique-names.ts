import { createHash } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndex } from '../src/core/database/ddl.js';

/** A text that is unique as people read it, among the rows of the first of `within` that is set. */
interface UniqueName {
  table: string;
  column: string;
  within: string[];
  /** The index that it had until now. */
  before: string[];
  /** Whether lists filter by the column through an index of its own already. */
  indexed?: boolean;
}

const NAMES: UniqueName[] = [
  { table: 'users', column: 'email', within: [], before: ['email'] },
  { table: 'clients', column: 'name', within: [], before: ['name'] },
  { table: 'sites', column: 'name', within: ['client_id'], before: ['client_id', 'name'], indexed: true },
  { table: 'tags', column: 'name', within: [], before: ['name'] },
  { table: 'machines', column: 'hostname', within: [], before: ['hostname'] },
  { table: 'projects', column: 'slug', within: ['client_id'], before: ['slug'] },
  { table: 'credentials', column: 'name', within: ['client_id', 'owner_id'], before: ['name'] },
];
const BATCH = 300;

type Row = Record<string, string | null>;

/** As the application folds texts when this was written. */
function keyOf({ column, within }: UniqueName, row: Row, twin: string | undefined): string | null {
  const text = row[column];
  if (text === null || text === undefined) return null;
  const lower = text.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');
  const first = within.find(name => row[name] !== null);
  const scope = first === undefined ? null : [first, row[first]];
  const said = twin === undefined ? [scope, lower] : [scope, lower, twin];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}

/**
 * Names are unique by NFKC and case folding, and per client or owner where others may not know of them. Rows that are
 * the same by that are both kept; the later one has to be named anew when it is changed.
 */
export class UniqueNames1763800000110 implements MigrationInterface {
  name = 'UniqueNames1763800000110';

  async up(runner: QueryRunner): Promise<void> {
    for (const one of NAMES) {
      const key = `${one.column}_key`;
      await runner.query(`ALTER TABLE ${one.table} ADD COLUMN ${key} varchar(64)`);
      await this.fill(runner, one, key);
      await dropIndex(runner, one.table, `uq_${one.table}_${one.before.join('_')}`);
      await runner.query(`CREATE UNIQUE INDEX uq_${one.table}_${key} ON ${one.table} (${key})`);
      if (!one.indexed) await createIndex(runner, one.table, [one.column, 'id']);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { table, column, before, indexed } of [...NAMES].reverse()) {
      if (!indexed) await dropIndex(runner, table, `ix_${table}_${column}`);
      await dropIndex(runner, table, `uq_${table}_${column}_key`);
      await runner.query(
        `CREATE UNIQUE INDEX uq_${table}_${before.join('_')} ON ${table} (${before.join(', ')})`,
      );
      await runner.query(`ALTER TABLE ${table} DROP COLUMN ${column}_key`);
    }
  }

  private async fill(runner: QueryRunner, one: UniqueName, key: string): Promise<void> {
    const columns = ['id', one.column, ...one.within].join(', ');
    const rows = (await runner.query(`SELECT ${columns} FROM ${one.table} ORDER BY id`)) as Row[];
    const taken = new Set<string>();
    const keys = rows.flatMap((row): [string, string][] => {
      const id = String(row.id);
      const own = keyOf(one, row, undefined);
      if (own === null) return [];
      const free = taken.has(own) ? (keyOf(one, row, id) as string) : own;
      taken.add(free);
      return [[id, free]];
    });
    for (let from = 0; from < keys.length; from += BATCH) {
      const some = keys.slice(from, from + BATCH);
      const ids = some.map(([id]) => id);
      await runner.query(
        `UPDATE ${one.table} SET ${key} = CASE id ${some.map(() => 'WHEN ? THEN ?').join(' ')} END ` +
          `WHERE id IN (${ids.map(() => '?').join(', ')})`,
        [...some.flat(), ...ids],
      );
    }
  }
}

async function dropIndex(runner: QueryRunner, table: string, index: string): Promise<void> {
  const isSqlite = runner.connection.options.type === 'better-sqlite3';
  await runner.query(isSqlite ? `DROP INDEX ${index}` : `DROP INDEX ${index} ON ${table}`);
}
