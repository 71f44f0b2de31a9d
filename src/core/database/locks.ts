import type { Dialect, Sql } from './sql.js';

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
