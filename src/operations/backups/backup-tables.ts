import type { ColumnKind } from '../../core/database/columns.js';
import type { Database } from '../../core/database/database.js';
import { MARK_TABLE } from '../../core/database/restore-mark.js';
import { STEPS_TABLE } from '../../core/database/migration-steps.js';
import { columnName, type Dialect, type Sql } from '../../core/database/sql.js';
import { allFullText, type FullTextTable, nameIn } from '../../core/table/full-text.js';
import { allStored } from '../../core/table/stored.js';
import type { BackupSide, BackupTable } from './backup-format.js';

/**
 * What holds for a moment only: who is logged in, which processes run, what they count together and lock, files that
 * are being brought in. After a restore everybody logs in again.
 */
const LEFT_OUT = new Set([
  'logins', 'refresh_tokens', 'processes', 'shared_counts', 'cluster_locks', 'upload_pieces',
]); // prettier-ignore
/** What migrations keep for themselves: the backup says which have run, and the restore runs them. */
const OF_MIGRATIONS = new Set(['migrations', STEPS_TABLE, MARK_TABLE]);

/** Every table whose rows belong into a backup; junctions, which no class declares, hold ids. */
export function tablesOf(side: BackupSide, { dataSource }: Database): BackupTable[] {
  const specs = new Map(allStored().map(spec => [spec.table, spec]));
  const declared = dataSource.entityMetadatas
    .filter(({ tableName }) => !LEFT_OUT.has(tableName))
    .map(({ tableName, columns }) => ({
      database: side,
      table: tableName,
      columns: columns.map(({ databaseName }): [string, ColumnKind] => [
        databaseName,
        specs.get(tableName)?.byName.get(databaseName)?.column.kind ?? 'uuid',
      ]),
    }));
  return side === 'main' ? [...declared, ...allFullText().map(termsOf)] : declared;
}

function termsOf({ table, key, columns }: FullTextTable): BackupTable {
  const terms = columns.map((name): [string, ColumnKind] => [name, 'long']);
  return { database: 'main', table, columns: [[key, 'big'], ...terms] };
}

/** The columns of a table in a statement, in their order. */
export function columnsIn(dialect: Dialect, { table, columns }: BackupTable): string {
  return columns.map(([name]) => columnName(nameIn(dialect, table, name))).join(', ');
}

const TABLES = {
  // Full-text tables are virtual; what keeps their rows is theirs.
  sqlite:
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  mariadb: 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
};

/** The tables that a database has, whoever made them. */
export async function tableNames(sql: Sql): Promise<string[]> {
  return (await sql.select<{ name: string }>(TABLES[sql.dialect])).map(one => one.name);
}

/** Tables that are in a database, and in no backup of it, because nobody here declares them. */
export async function strangeTables(sql: Sql, { dataSource }: Database): Promise<string[]> {
  const entities = dataSource.entityMetadatas.map(one => one.tableName);
  const declared = new Set([...entities, ...allFullText().map(one => one.table)]);
  return (await tableNames(sql)).filter(name => !declared.has(name) && !OF_MIGRATIONS.has(name));
}
