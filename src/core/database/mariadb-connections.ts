import type { Pool, PoolConnection, QueryError, ResultSetHeader, RowDataPacket } from 'mysql2';
import { UnavailableError } from '../http/errors.js';
import { isConnectionLost } from './database-errors.js';
import type { Connections, Row, Sql, SqlValue, Transaction } from './sql.js';

type Runner = Pick<PoolConnection, 'query'>;

function run<T>(on: Runner, text: string, values: readonly SqlValue[] = []): Promise<T> {
  return new Promise((resolve, reject) => {
    on.query(text, values as SqlValue[], (error: QueryError | null, result: unknown) =>
      error ? reject(error) : resolve(result as T),
    );
  });
}

/** MariaDB or MySQL through the pool that the data source owns. */
export class MariadbConnections implements Connections {
  readonly dialect = 'mariadb';
  readonly reader: Sql;

  constructor(private readonly pool: Pool) {
    // Every session: strict, UTC, and the isolation that the unit of work is written for.
    pool.on('connection', connection => {
      connection.query(
        "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00'",
      );
      connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    });
    this.reader = {
      dialect: 'mariadb',
      select: <T>(text: string, values?: readonly SqlValue[]) =>
        run<RowDataPacket[]>(pool as unknown as Runner, text, values) as unknown as Promise<T[]>,
    };
  }

  async begin(): Promise<Transaction> {
    const connection = await new Promise<PoolConnection>((resolve, reject) =>
      this.pool.getConnection((error, got) => (error ? reject(error) : resolve(got))),
    );
    try {
      await run(connection, 'START TRANSACTION');
    } catch (error) {
      connection.destroy();
      throw error;
    }
    return new MariadbTransaction(connection);
  }

  commitOne(text: string, values: readonly SqlValue[]): Promise<number> {
    return run<ResultSetHeader>(this.pool as unknown as Runner, text, values).then(
      result => result.affectedRows,
    );
  }

  ping(): Promise<void> {
    return this.reader.select('SELECT 1').then(() => undefined);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class MariadbTransaction implements Transaction {
  readonly dialect = 'mariadb';
  constructor(private readonly connection: PoolConnection) {}

  select<T = Row>(text: string, values?: readonly SqlValue[]): Promise<T[]> {
    return run<T[]>(this.connection, text, values);
  }

  change(text: string, values?: readonly SqlValue[]): Promise<number> {
    return run<ResultSetHeader>(this.connection, text, values).then(result => result.affectedRows);
  }

  async commit(): Promise<void> {
    try {
      await run(this.connection, 'COMMIT');
      this.connection.release();
    } catch (error) {
      this.connection.destroy();
      if (isConnectionLost(error))
        throw new UnavailableError('The connection was lost while committing', { cause: error });
      throw error;
    }
  }

  async rollback(): Promise<void> {
    try {
      await run(this.connection, 'ROLLBACK');
      this.connection.release();
    } catch {
      this.connection.destroy();
    }
  }
}
