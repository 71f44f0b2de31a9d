import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { openSqlite } from '../../src/formats/sqlite-driver.js';

export interface EarlierTable {
  columns: string[];
  /** Columns whose texts are bytes in hex. */
  blobs?: string[];
  rows: (string | Buffer | null)[][];
}
export type EarlierTables = Record<string, EarlierTable>;

/** What Python made: see the script beside it. */
export function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(join(process.cwd(), 'test/fixtures/migrate-from', name), 'utf8')) as T;
}

function valuesOf({ columns, blobs = [], rows }: EarlierTable): (string | Buffer | null)[][] {
  return rows.map(row =>
    row.map((cell, at) =>
      typeof cell === 'string' && blobs.includes(columns[at] ?? '') ? Buffer.from(cell, 'hex') : cell,
    ),
  );
}

/** A database of an earlier system, as a file of SQLite. */
export function sqliteSource(file: string, tables: EarlierTables): void {
  const handle = openSqlite(file);
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  for (const [name, table] of Object.entries(tables)) {
    const columns = table.columns.map(
      one => `${quoted(one)} ${table.blobs?.includes(one) ? 'blob' : 'text'}`,
    );
    handle.exec(`CREATE TABLE ${quoted(name)} (${columns.join(', ')})`);
    const insert = handle.prepare(
      `INSERT INTO ${quoted(name)} VALUES (${table.columns.map(() => '?').join(', ')})`,
    );
    handle.transaction(() => valuesOf(table).forEach(row => insert.run(row)))();
  }
  handle.close();
}

/** The same in a database of MariaDB. */
export async function mariadbSource(url: string, tables: EarlierTables): Promise<void> {
  const connection = await mysql.createConnection({ uri: url, charset: 'utf8mb4' });
  const quoted = (name: string) => `\`${name.replaceAll('`', '``')}\``;
  for (const [name, table] of Object.entries(tables)) {
    const columns = table.columns.map(
      one => `${quoted(one)} ${table.blobs?.includes(one) ? 'blob' : 'longtext'}`,
    );
    await connection.query(
      `CREATE TABLE ${quoted(name)} (${columns.join(', ')}) DEFAULT CHARACTER SET utf8mb4`,
    );
    for (const row of valuesOf(table))
      await connection.query(`INSERT INTO ${quoted(name)} VALUES (?)`, [row]);
  }
  await connection.end();
}
