import type { SqlValue } from '../database/sql.js';

/** Part of a WHERE with its values. */
export interface Clause {
  sql: string;
  values: SqlValue[];
  /** The column that has one value, where its index goes on with the id. */
  equals?: string;
  /** Where that value is null: values that no row has there. */
  unheld?: readonly SqlValue[];
  /** Whoever asks it of a list looks at very many rows. */
  isScan?: boolean;
}

/** All of the conditions at once; none at all is true. */
export function allOf(clauses: Clause[]): Clause {
  return {
    sql: clauses.map(one => one.sql).join(' AND ') || '1 = 1',
    values: clauses.flatMap(one => one.values),
  };
}
