import type { ColumnKind } from '../../core/database/columns.js';
import type { Database } from '../../core/database/database.js';
import { MARK_TABLE } from '../../core/database/restore-mark.js';
import { STEPS_TABLE } from '../../core/database/migration-steps.js';
import type { Sql } from '../../core/database/sql.js';
import { allStored } from '../../core/table/stored.js';
import type { BackupSide, BackupTable } from './backup-format.js';

/** What holds for a moment only: who is logged in, and which processes run. After a restore everybody logs in again. */
const LEFT_OUT = new Set(['logins', 'refresh_tokens', 'processes']);
/** What migrations keep for themselves: the backup says which have run, and the restore runs them. */
const OF_MIGRATIONS = new Set(['migrations', STEPS_TABLE, MARK_TABLE]);

/** Every declared table whose rows belong into a backup; junctions, which no class declares, hold ids. */
export function tablesOf(side: BackupSide, { dataSource }: Database): BackupTable[] {
  const specs = new Map(allStored().map(spec => [spec.table, spec]));
  return dataSource.entityMetadatas
    .filter(({ tableName }) => !LEFT_OUT.has(tableName))
    .map(({ tableName, columns }) => ({
      database: side,
      table: tableName,
      columns: columns.map(({ databaseName }): [string, ColumnKind] => [
        databaseName,
        specs.get(tableName)?.byName.get(databaseName)?.column.kind ?? 'uuid',
      ]),
    }));
}

const TABLES = {
  sqlite: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  mariadb: 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
};

/** The tables that a database has, whoever made them. */
export async function tableNames(sql: Sql): Promise<string[]> {
  return (await sql.select<{ name: string }>(TABLES[sql.dialect])).map(one => one.name);
}

/** Tables that are in a database, and in no backup of it, because nobody here declares them. */
export async function strangeTables(sql: Sql, { dataSource }: Database): Promise<string[]> {
  const declared = new Set(dataSource.entityMetadatas.map(one => one.tableName));
  return (await tableNames(sql)).filter(name => !declared.has(name) && !OF_MIGRATIONS.has(name));
}
