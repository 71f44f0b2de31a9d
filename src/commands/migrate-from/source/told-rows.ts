import type { CellsOfRow, EarlierDatabase } from './earlier-database.js';

/** Codes of what a driver could not read; what it says may quote what stands there. */
const CODE = /^(?:SQLITE|ER)_[A-Z_]+$/;

function failure(table: string, where: string, error: unknown): unknown {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string' || !CODE.test(code)) return error;
  return new Error(
    `The table ${JSON.stringify(table.slice(0, 100))} cannot be read ${where} (${code}): ` +
      'what it holds is damaged or too long or, if it is a view, what it computes fails',
  );
}

/** How many rows a table has. @throws Error that names the table, where it cannot be read */
export async function countOf(database: EarlierDatabase, table: string): Promise<number> {
  try {
    return await database.count(table);
  } catch (error) {
    throw failure(table, 'at all', error);
  }
}

/** Every row, in the order of a column. @throws Error that names the table and the last row, where it cannot be read on */
export async function* rowsOf(
  database: EarlierDatabase,
  table: string,
  columns: string[],
  order: string,
): AsyncGenerator<CellsOfRow> {
  let read = 0;
  try {
    for await (const row of database.rows(table, columns, order)) {
      yield row;
      read += 1;
    }
  } catch (error) {
    throw failure(table, read === 0 ? 'at its first row' : `behind row ${read}`, error);
  }
}
