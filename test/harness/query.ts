import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { isBusy } from '../../src/core/database/database-errors.js';
import { openSqlite } from '../../src/formats/sqlite-driver.js';

const PATIENCE_MS = 20_000;

/** Runs statements on a database from outside of the application, as an intruder or operator would. */
export async function query<T = Record<string, unknown>>(
  url: string,
  text: string,
  values: (string | number)[] = [],
): Promise<T[]> {
  if (url.startsWith('sqlite:')) {
    // The application of this process may be the one that writes: it goes on between two tries.
    for (const end = Date.now() + PATIENCE_MS; ; await sleep(20))
      try {
        return onSqlite<T>(url.slice('sqlite:'.length), text, values);
      } catch (error) {
        if (!isBusy(error) || Date.now() > end) throw error;
      }
  }
  const connection = await mysql.createConnection({ uri: url, dateStrings: true });
  try {
    const [rows] = await connection.query(text, values);
    return (Array.isArray(rows) ? rows : []) as T[];
  } finally {
    await connection.end();
  }
}

function onSqlite<T>(file: string, text: string, values: (string | number)[]): T[] {
  const handle = openSqlite(file, { timeout: 50 });
  try {
    const statement = handle.prepare(text);
    if (statement.reader) return statement.all(...values) as T[];
    statement.run(...values);
    return [];
  } finally {
    handle.close();
  }
}
