import { UsageError } from '../../../failure.js';

/** Bytes of the longest cell that is read: a secret here has at most 64 KiB. */
export const MOST_BYTES = 1_048_576;

/** A cell as bytes; undefined for one that is longer than {@link MOST_BYTES}. */
export type Cell = Buffer | null | undefined;
export type CellsOfRow = Map<string, Cell>;

/** A database of an earlier system as it was when it was opened. Nothing can be written through it. */
export interface EarlierDatabase {
  tables(): Promise<string[]>;
  /** None where there is no such table. */
  columns(table: string): Promise<string[]>;
  count(table: string): Promise<number>;
  /** Every row, in the order of a column. Names are those of {@link columns}. */
  rows(table: string, columns: string[], order: string): AsyncIterable<CellsOfRow>;
  /** @throws FormatError for what is no text in the encoding of the database */
  textOf(bytes: Buffer): string;
  close(): Promise<void>;
}

/** The columns of a table that must be there. @throws UsageError that names the tables that are there */
export async function columnsOf(database: EarlierDatabase, table: string, option: string): Promise<string[]> {
  const columns = await database.columns(table);
  if (columns.length > 0) return columns;
  const tables = await database.tables();
  throw new UsageError(
    `There is no table ${JSON.stringify(table)}; ${option} names another. There are: ${listed(tables)}`,
  );
}

/** @throws UsageError that names the columns that are there */
export function requireColumn(table: string, columns: string[], name: string, option: string): void {
  if (columns.includes(name)) return;
  throw new UsageError(
    `The table ${JSON.stringify(table)} has no column ${JSON.stringify(name)}; ${option} names another. ` +
      `It has: ${listed(columns)}`,
  );
}

const MOST_NAMES = 60;

/** Names from a strange database: quoted, so that none commands the terminal. */
function listed(names: string[]): string {
  const shown = names.slice(0, MOST_NAMES).map(name => JSON.stringify(name.slice(0, 100)));
  return `${shown.join(', ') || 'none'}${names.length > MOST_NAMES ? ', …' : ''}`;
}

/** For each column its value and, beside it, whether that was left out for its length. */
export function selected(
  columns: string[],
  value: (column: string) => string,
  bytes: (column: string) => string,
) {
  return columns
    .map((name, index) => {
      const tooLong = `${bytes(name)} > ${MOST_BYTES}`;
      return `CASE WHEN ${tooLong} THEN NULL ELSE ${value(name)} END AS v${index}, ${tooLong} AS l${index}`;
    })
    .join(', ');
}

/** A row of {@link selected}. */
export function cellsOf(
  columns: string[],
  row: Record<string, unknown>,
  isTrue: (flag: unknown) => boolean,
): CellsOfRow {
  return new Map(
    columns.map((name, index) => [
      name,
      isTrue(row[`l${index}`]) ? undefined : ((row[`v${index}`] ?? null) as Buffer | null),
    ]),
  );
}
