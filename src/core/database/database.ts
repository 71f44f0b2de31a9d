import type BetterSqlite from 'better-sqlite3';
import type { Pool } from 'mysql2';
import { DataSource, type DataSourceOptions, type EntitySchema, type MigrationInterface } from 'typeorm';
import { sqliteDriver } from '../../formats/sqlite-driver.js';
import { MariadbConnections } from './mariadb-connections.js';
import { resumable } from './migration-steps.js';
import type { Connections, Dialect } from './sql.js';
import { SqliteConnections, prepareSqlite } from './sqlite-connections.js';

export type Migrations = (new () => MigrationInterface)[];

/** Where a database is and what belongs into it. */
export interface DatabaseOptions {
  /** `sqlite:<file>` or `mysql://user:password@host:port/name`. */
  url: string;
  /** PEM of the authority that signs the server's certificate; with it the connection is TLS and verified. */
  ca?: string;
  /** Most connections at once (MariaDB). */
  pool: number;
  entities: EntitySchema[];
  migrations: Migrations;
}

export function dialectOf(url: string): Dialect {
  return url.startsWith('sqlite:') ? 'sqlite' : 'mariadb';
}

/** Server, account and database of `mysql://…`, whose parts are percent-encoded. */
function serverOf(url: string) {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port ? Number(port) : 3306,
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: pathname.slice(1),
  };
}

/** TypeORM's options for one of our databases. */
export function sourceOptions(options: DatabaseOptions): DataSourceOptions {
  const shared = {
    entities: options.entities,
    migrations: options.migrations.map(resumable),
    migrationsTransactionMode: 'none' as const,
  };
  if (dialectOf(options.url) === 'sqlite')
    return {
      ...shared,
      type: 'better-sqlite3',
      driver: sqliteDriver(),
      database: options.url.slice('sqlite:'.length),
      prepareDatabase: (handle: BetterSqlite.Database) => prepareSqlite(handle),
    };
  return {
    ...shared,
    type: 'mariadb',
    ...serverOf(options.url),
    charset: 'utf8mb4',
    poolSize: options.pool,
    connectTimeout: 5_000,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: false,
    ssl: options.ca ? { ca: options.ca, rejectUnauthorized: true } : undefined,
  };
}

/** A data source (schema, migrations, pool: TypeORM's) and the two sides to run statements on (ours). */
export abstract class Database {
  /** Whether its migrations make triggers, and take tables away. */
  readonly hasTriggers: boolean = false;

  protected constructor(
    readonly dataSource: DataSource,
    readonly connections: Connections,
  ) {}

  get dialect(): Dialect {
    return this.connections.dialect;
  }

  /** Opens the database; a database that is away throws the driver's error. */
  static async open<T extends Database>(
    this: new (dataSource: DataSource, connections: Connections) => T,
    options: DatabaseOptions,
  ): Promise<T> {
    const dataSource = new DataSource(sourceOptions(options));
    await dataSource.initialize();
    const driver = dataSource.driver as unknown as {
      databaseConnection?: BetterSqlite.Database;
      pool?: Pool;
    };
    const connections = driver.databaseConnection
      ? new SqliteConnections(driver.databaseConnection)
      : await MariadbConnections.open(driver.pool as Pool);
    return new this(dataSource, connections);
  }

  async close(): Promise<void> {
    if (!this.dataSource.isInitialized) return;
    await this.connections.close();
    await this.dataSource.destroy();
  }
}
