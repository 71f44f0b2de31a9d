import { type Dialect, inParts, placeholders, type Sql } from './sql.js';

/** The end of a SELECT whose rows nobody else changes until the unit ends. SQLite has one writer: nothing to add. */
export function forUpdate(dialect: Dialect): string {
  return dialect === 'mariadb' ? ' FOR UPDATE' : '';
}

/** As `forUpdate`, but others may lock the rows in the same way: nobody changes them, and many may refer to them. */
export function forShare(dialect: Dialect): string {
  return dialect === 'mariadb' ? ' LOCK IN SHARE MODE' : '';
}

/** Whoever else locks the row of this id waits until the unit ends; whether the actor may see it is not asked. */
export async function lockRow(sql: Sql, table: string, id: string): Promise<void> {
  await sql.select(`SELECT id FROM ${table} WHERE id = ?${forUpdate(sql.dialect)}`, [id]);
}

/** As `lockRow`, of several rows: in the order of their ids, so that two who do so do not wait for each other. */
export async function lockRows(sql: Sql, table: string, ids: Iterable<string>): Promise<void> {
  for (const part of inParts([...new Set(ids)].sort())) {
    const text = `SELECT id FROM ${table} WHERE id IN (${placeholders(part.length)}) ORDER BY id${forUpdate(sql.dialect)}`;
    await sql.select(text, part);
  }
}

/** Whoever else locks the whole installation waits until the unit ends: for rules about rows that share no parent. */
export async function lockInstallation(sql: Sql): Promise<void> {
  await sql.select(`SELECT name FROM facts ORDER BY name LIMIT 1${forUpdate(sql.dialect)}`);
}
