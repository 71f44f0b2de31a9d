import { promisify } from 'node:util';
import type { Pool, PoolConnection } from 'mysql2';
import { openSqlite } from '../../formats/sqlite-driver.js';
import { nextTurn, turnIsOver } from '../workers/turns.js';
import type { Row, Sql, SqlValue } from './sql.js';

/** One moment of a database, as long as it is held; nobody waits for it, and what is written meanwhile is not in it. */
export interface Snapshot extends Sql {
  /** The rows of a query one by one, as arrays; integers that a number cannot hold are bigint or digits. */
  rows(text: string): AsyncIterable<SqlValue[]>;
  /** Lets the moment go. */
  end(): Promise<void>;
}

/** On a connection of its own: in WAL, readers and the writer do not wait for each other. */
export function sqliteSnapshot(file: string): Snapshot {
  const handle = openSqlite(file, { readonly: true, timeout: 10_000 });
  try {
    handle.exec('BEGIN');
    // The moment is that of the first read.
    handle.prepare('SELECT name FROM sqlite_master LIMIT 1').get();
  } catch (error) {
    handle.close();
    throw error;
  }
  return {
    dialect: 'sqlite',
    select: <T = Row>(text: string, values: readonly SqlValue[] = []) =>
      Promise.resolve(handle.prepare(text).all(...values) as T[]),
    async *rows(text) {
      const found = handle.prepare(text).raw().safeIntegers().iterate() as Iterable<SqlValue[]>;
      for (const row of found) {
        if (turnIsOver()) await nextTurn();
        yield row.map(narrowed);
      }
    },
    end: () => {
      handle.close();
      return Promise.resolve();
    },
  };
}

const narrowed = (value: SqlValue) =>
  typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;

/** REPEATABLE READ, from the first statement on, over all tables of the database. */
export async function mariadbSnapshot(pool: Pool): Promise<Snapshot> {
  const connection = await promisify<PoolConnection>(done => pool.getConnection(done))();
  const select = <T>(text: string, values: readonly SqlValue[] = []) =>
    new Promise<T[]>((resolve, reject) =>
      connection.query(text, values as SqlValue[], (error, rows) =>
        error ? reject(error) : resolve(rows as T[]),
      ),
    );
  try {
    await select('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await select('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
  } catch (error) {
    connection.destroy();
    throw error;
  }
  return {
    dialect: 'mariadb',
    select,
    rows: text =>
      connection.query({ sql: text, rowsAsArray: true }).stream({ highWaterMark: 200 }) as AsyncIterable<
        SqlValue[]
      >,
    // Whoever ends in the middle of a query leaves the rest of its rows on the line.
    end: () => {
      connection.destroy();
      return Promise.resolve();
    },
  };
}
