import type { Sql } from '../../core/database/sql.js';
import { some } from './finding.js';

/** The names of the rows of a query of ids, the first of them, and how many there are. */
export async function rowsIn(sql: Sql, from: string, what: string, id = 'one.id'): Promise<string[]> {
  const [count] = await sql.select<{ total: number }>(`SELECT COUNT(*) AS total ${from}`);
  const total = Number(count?.total);
  if (total === 0) return [];
  const rows = await sql.select<{ id: string }>(`SELECT ${id} AS id ${from} ORDER BY ${id} LIMIT 6`);
  return [
    some(
      total,
      what,
      rows.map(row => row.id),
    ),
  ];
}
