import type { Dialect } from '../database/sql.js';

/** A full-text table, which neither an entity declares nor TypeORM knows: a key of numbers, and columns of terms. */
export interface FullTextTable {
  table: string;
  /** What the key is called on MariaDB; SQLite calls it `rowid`. */
  key: string;
  columns: string[];
}

const DECLARED: FullTextTable[] = [];

/** Makes a full-text table known to whoever copies all rows of the database. */
export function declareFullText(table: FullTextTable): void {
  DECLARED.push(table);
}

export function allFullText(): readonly FullTextTable[] {
  return DECLARED;
}

/** What a column of any table is called in a statement of a dialect. */
export function nameIn(dialect: Dialect, table: string, column: string): string {
  const isKey = DECLARED.some(one => one.table === table && one.key === column);
  return isKey && dialect === 'sqlite' ? 'rowid' : column;
}
