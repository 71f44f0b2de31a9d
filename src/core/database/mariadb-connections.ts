import type { Pool, PoolConnection, ResultSetHeader } from 'mysql2';
import { UnavailableError } from '../context/errors.js';
import { isConnectionLost, isTimeout } from './database-errors.js';
import { GaleraTransaction } from './galera-transaction.js';
import { MariadbTransaction, run } from './mariadb-transaction.js';
import { mariadbSnapshot, type Snapshot } from './snapshots.js';
import type { Connections, Load, Sql, SqlValue, Transaction } from './sql.js';

/** Milliseconds after which a database that does not answer counts as away. */
export interface Patience {
  /** For a free connection. */
  connection: number;
  /** For the end of a statement. */
  statement: number;
}

const PATIENCE: Patience = { connection: 10_000, statement: 30_000 };
/** How deep a recursive query goes. */
const DEPTH = 100_000;
/** Every session: strict, UTC, and the isolation that the unit of work is written for. */
const SESSION = [
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', group_concat_max_len = 100000",
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  // One of two comments is read: MariaDB and MySQL have names of their own for it.
  `SET SESSION /*M! max_recursive_iterations = ${DEPTH} */ /*!80003 cte_max_recursion_depth = ${DEPTH} */`,
];

/** The driver tells of its lines by events that leave out what was destroyed; these are what it counts itself. */
type Queues = Pool & Record<'_allConnections' | '_freeConnections' | '_connectionQueue', { length: number }>;

/** MariaDB or MySQL through the pool that the data source owns. */
export class MariadbConnections implements Connections {
  readonly dialect = 'mariadb';
  readonly reader: Sql;
  /** The same: its server is another process. */
  readonly scanner: Sql;

  private isGalera = false;

  private constructor(
    private readonly pool: Pool,
    private readonly patience: Patience,
  ) {
    // A session that could not be set up is not used.
    pool.on('connection', connection => {
      for (const text of SESSION) connection.query(text, error => error && connection.destroy());
    });
    this.reader = {
      dialect: 'mariadb',
      select: <T>(text: string, values?: readonly SqlValue[]) => this.alone<T[]>(text, values),
    };
    this.scanner = this.reader;
  }

  /** Takes over a pool, and the one connection that the data source has used to look at the server. */
  static async open(pool: Pool, patience = PATIENCE): Promise<MariadbConnections> {
    const connections = new MariadbConnections(pool, patience);
    const first = await connections.take();
    for (const text of SESSION) await run(first, patience.statement, text);
    // MySQL knows no such variable, and tells of none.
    const [node] = await run<{ Value: string }[]>(
      first,
      patience.statement,
      "SHOW VARIABLES LIKE 'wsrep_on'",
    );
    connections.isGalera = node?.Value === 'ON';
    first.release();
    return connections;
  }

  async begin(patience?: number): Promise<Transaction> {
    const connection = await this.take(patience);
    const Kind = this.isGalera ? GaleraTransaction : MariadbTransaction;
    try {
      await run(connection, patience ?? this.patience.statement, Kind.START);
    } catch (error) {
      this.giveUp(connection, error);
      throw error;
    }
    return new Kind(connection, this.patience.statement, error => this.giveUp(connection, error));
  }

  commitOne(text: string, values: readonly SqlValue[], patience?: number): Promise<number> {
    return this.alone<ResultSetHeader>(text, values, patience).then(result => result.affectedRows);
  }

  /** What its server has written ahead is the server's. */
  scrub(): Promise<void> {
    return Promise.resolve();
  }

  ping(): Promise<void> {
    return this.reader.select('SELECT 1').then(() => undefined);
  }

  load(): Load {
    const { _allConnections: all, _freeConnections: free, _connectionQueue: queue } = this.pool as Queues;
    return { open: all.length, used: all.length - free.length, waiting: queue.length };
  }

  snapshot(): Promise<Snapshot> {
    return mariadbSnapshot(this.pool);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Waits for a free connection; the wait is bounded, so that a database that hangs becomes a 503. */
  private take(patience = this.patience.connection): Promise<PoolConnection> {
    return new Promise((resolve, reject) => {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        reject(new UnavailableError('The database is busy'));
      }, patience);
      this.pool.getConnection((error, got) => {
        clearTimeout(timer);
        if (error) reject(error);
        else if (late) got.release();
        else resolve(got);
      });
    });
  }

  /** One statement on a connection of its own. */
  private async alone<T>(text: string, values?: readonly SqlValue[], patience?: number): Promise<T> {
    const deadline = performance.now() + (patience ?? Infinity);
    const connection = await this.take(patience);
    try {
      const left = Math.max(1, Math.min(this.patience.statement, deadline - performance.now()));
      const result = await run<T>(connection, left, text, values);
      connection.release();
      return result;
    } catch (error) {
      if (isConnectionLost(error)) this.giveUp(connection, error);
      else connection.release();
      throw error;
    }
  }

  /** A statement that nobody waits for any more goes on waiting in the server, with its locks, unless it is ended. */
  private giveUp(connection: PoolConnection, error: unknown): void {
    const id = connection.threadId;
    connection.destroy();
    if (!isTimeout(error) || !Number.isSafeInteger(id)) return;
    this.pool.query({ sql: `KILL CONNECTION ${id}`, timeout: this.patience.connection }, () => undefined);
  }
}
