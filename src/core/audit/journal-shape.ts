import type { Sql } from '../database/sql.js';
import { storedOf } from '../table/stored.js';
import { JournalEntry } from './journal-entry.entity.js';

/** What the table of the journal allows, and as a migration has made it does not. */
export interface ShapeFault {
  message: string;
  /** The statements that put it right; empty where they depend on what was done. */
  mend: string[];
}

const REQUIRED = storedOf(JournalEntry)
  .fields.filter(one => !one.nullable)
  .map(one => one.name);
const UNIQUE = ['id', 'seq'];

const COLUMNS = {
  sqlite: `SELECT name FROM pragma_table_info('journal') WHERE "notnull" = 1`,
  mariadb:
    'SELECT column_name AS name FROM information_schema.columns ' +
    "WHERE table_schema = DATABASE() AND table_name = 'journal' AND is_nullable = 'NO'",
};
/** Unique indexes over all entries, and the one column that each is over. */
const INDEXES = {
  sqlite:
    'SELECT list.name AS name, MIN(info.name) AS over, COUNT(*) AS columns ' +
    "FROM pragma_index_list('journal') AS list JOIN pragma_index_info(list.name) AS info " +
    'WHERE list."unique" = 1 AND list.partial = 0 GROUP BY list.name',
  mariadb:
    'SELECT index_name AS name, MIN(column_name) AS `over`, COUNT(*) AS columns FROM information_schema.statistics ' +
    "WHERE table_schema = DATABASE() AND table_name = 'journal' AND non_unique = 0 GROUP BY index_name",
};

/**
 * Whether the table refuses entries with a column that is null, and copies of entries, by itself. A verification of the
 * trail finds both without it.
 *
 * @throws the driver's error when the database is away
 */
export async function shapeFaults(sql: Sql): Promise<ShapeFault[]> {
  const columns = await sql.select<{ name: string }>(COLUMNS[sql.dialect]);
  const indexes = await sql.select<{ name: string; over: string; columns: number }>(INDEXES[sql.dialect]);
  const refuses = new Set(columns.map(one => one.name));
  const isUnique = (name: string) => indexes.some(one => one.over === name && Number(one.columns) === 1);
  return [
    ...REQUIRED.filter(name => !refuses.has(name)).map(name => ({
      message: `The column ${name} of the audit trail takes NULL`,
      mend: [],
    })),
    ...UNIQUE.filter(name => !isUnique(name)).map(name => ({
      message: `The audit trail has no unique index of ${name}: an entry may be copied`,
      mend: [
        `DROP INDEX IF EXISTS uq_journal_${name}${sql.dialect === 'sqlite' ? '' : ' ON journal'}`,
        `CREATE UNIQUE INDEX uq_journal_${name} ON journal (${name})`,
      ],
    })),
  ];
}
