import type { PoolConnection, QueryError, ResultSetHeader } from 'mysql2';
import { UnavailableError } from '../context/errors.js';
import { isConnectionLost } from './database-errors.js';
import type { Row, SqlValue, Transaction } from './sql.js';

/** A statement that takes too long fails with PROTOCOL_SEQUENCE_TIMEOUT; its connection is of no use afterwards. */
export function run<T>(
  on: PoolConnection,
  timeout: number,
  sql: string,
  values: readonly SqlValue[] = [],
): Promise<T> {
  return new Promise((resolve, reject) => {
    on.query({ sql, timeout, values: values as SqlValue[] }, (error: QueryError | null, result: unknown) =>
      error ? reject(error) : resolve(result as T),
    );
  });
}

/** A transaction that has begun on a connection of its own; the end gives the connection back. */
export class MariadbTransaction implements Transaction {
  static readonly START: string = 'START TRANSACTION';
  readonly dialect = 'mariadb';
  private lost?: unknown;

  constructor(
    protected readonly connection: PoolConnection,
    private readonly patience: number,
    /** Takes the connection out of use. */
    protected readonly giveUp: (error: unknown) => void,
  ) {}

  select<T = Row>(text: string, values?: readonly SqlValue[]): Promise<T[]> {
    return this.run<T[]>(text, values);
  }

  change(text: string, values?: readonly SqlValue[], patience?: number): Promise<number> {
    return this.run<ResultSetHeader>(text, values, patience).then(result => result.affectedRows);
  }

  async commit(): Promise<void> {
    try {
      await this.run('COMMIT');
      this.release();
    } catch (error) {
      this.giveUp(error);
      if (isConnectionLost(error))
        throw new UnavailableError('The connection was lost while committing', { cause: error });
      throw error;
    }
  }

  async rollback(): Promise<void> {
    // A connection that did not answer would not answer this either; without it the server rolls back by itself.
    if (this.lost !== undefined) return this.giveUp(this.lost);
    try {
      await this.run('ROLLBACK');
      this.release();
    } catch (error) {
      this.giveUp(error);
    }
  }

  protected release(): void {
    this.connection.release();
  }

  private async run<T>(text: string, values?: readonly SqlValue[], patience?: number): Promise<T> {
    try {
      return await run<T>(this.connection, Math.min(this.patience, patience ?? Infinity), text, values);
    } catch (error) {
      if (isConnectionLost(error)) this.lost ??= error;
      throw error;
    }
  }
}
