import { v7 as uuidv7 } from 'uuid';
import { inParts, placeholders } from '../../src/core/database/sql.js';
import type { TestApp } from '../app.js';

/**
 * Copies of a row in the database itself, `length` of them: each has the one before it as its parent, the first one
 * the row. Answers with their ids, from the first to the last.
 */
export async function chained(
  t: TestApp,
  table: string,
  parent: string,
  id: string,
  length: number,
  parentOf = (ids: string[], at: number) => (at === 0 ? id : ids[at - 1]),
): Promise<string[]> {
  const [row = {}] = await t.sql<Record<string, string>>(`SELECT * FROM ${table} WHERE id = ?`, [id]);
  const names = Object.keys(row);
  const ids = Array.from({ length }, () => uuidv7());
  const copies = ids.map((own, at) => ({ ...row, id: own, [parent]: parentOf(ids, at) ?? null }));
  for (const part of inParts(copies, 500)) {
    const line = `(${placeholders(names.length)})`;
    const values = part.flatMap(copy =>
      names.map(name => (copy as Record<string, string | null>)[name] ?? null),
    );
    await t.change(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES ${part.map(() => line).join(', ')}`,
      values,
    );
  }
  return ids;
}
