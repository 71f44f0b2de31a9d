import mysql from 'mysql2/promise';
import { openSqlite } from '../../src/formats/sqlite-driver.js';

/** Runs statements on a database from outside of the application, as an intruder or operator would. */
export async function query<T = Record<string, unknown>>(
  url: string,
  text: string,
  values: (string | number)[] = [],
): Promise<T[]> {
  if (url.startsWith('sqlite:')) {
    const handle = openSqlite(url.slice('sqlite:'.length), { timeout: 5000 });
    try {
      const statement = handle.prepare(text);
      if (statement.reader) return statement.all(...values) as T[];
      statement.run(...values);
      return [];
    } finally {
      handle.close();
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
