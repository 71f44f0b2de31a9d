import type { Snapshot } from '../../core/database/snapshots.js';
import type { BackupMigrations, BackupSide, BackupTable } from './backup-format.js';
import { lineOf } from './backup-lines.js';
import { columnsIn } from './backup-tables.js';

/** So much is handed on at once. */
const PIECE = 256 * 1024;

/** One moment of both databases. */
export type BothSnapshots = Record<BackupSide, Snapshot>;

/** How many rows the tables have. */
export async function countRows(snapshots: BothSnapshots, tables: readonly BackupTable[]): Promise<number> {
  let total = 0;
  for (const { database, table } of tables) {
    const [row] = await snapshots[database].select<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`);
    total += Number(row?.n);
  }
  return total;
}

/** Everything that a backup holds, in pieces; with constant memory, however many rows there are. */
export async function* backupText(
  snapshots: BothSnapshots,
  migrations: BackupMigrations,
  tables: readonly BackupTable[],
  told: (rows: number) => void,
): AsyncGenerator<Buffer> {
  let text = '';
  for await (const line of lines(snapshots, migrations, tables, told)) {
    text += `${line}\n`;
    if (text.length < PIECE) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}

async function* lines(
  snapshots: BothSnapshots,
  migrations: BackupMigrations,
  tables: readonly BackupTable[],
  told: (rows: number) => void,
): AsyncGenerator<string> {
  yield lineOf.migrations(migrations);
  let total = 0;
  for (const table of tables) {
    yield lineOf.table(table);
    const before = total;
    const snapshot = snapshots[table.database];
    const columns = columnsIn(snapshot.dialect, table);
    for await (const row of snapshot.rows(`SELECT ${columns} FROM ${table.table}`)) {
      yield lineOf.row(row);
      total++;
      if (total % 1_000 === 0) told(total);
    }
    yield lineOf.tableEnd(total - before);
  }
  told(total);
  yield lineOf.end({ tables: tables.length, rows: total });
}
