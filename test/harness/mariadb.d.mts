export interface MariaDbOptions {
  /** Further arguments of mariadbd, such as `--innodb-buffer-pool-size=512M`. */
  args?: string[];
  /** Those of its first start alone. */
  firstArgs?: string[];
  /** That of this process when absent. */
  env?: NodeJS.ProcessEnv;
  /** One that was ended: it begins with a copy of its data, and has its password. */
  like?: Pick<MariaDb, 'datadir' | 'password'>;
}

/** A private MariaDB in a temporary folder. Binary logging is off, character set utf8mb4. */
export interface MariaDb {
  /** TCP port on 127.0.0.1; {@link MariaDb.restart} keeps it. */
  readonly port: number;
  /** Path of the Unix socket. */
  readonly socket: string;
  /** Process id of the server started last. */
  readonly pid: number;
  /** A `mysql://` url, with root's password, for the database of this name (which need not exist yet). */
  url(database: string): string;
  /** Its data folder, and root's password. */
  readonly datadir: string;
  readonly password: string;
  /** SIGTERM, after 20 s SIGKILL; the data stays. */
  end(): Promise<void>;
  /** SIGTERM, after 20 s SIGKILL; then removes the folder. May be called again. */
  stop(): Promise<void>;
  /** SIGKILL, as a crash; resolves once the process is gone. The data stays for {@link MariaDb.restart}. */
  kill(): Promise<void>;
  /** Starts the server again on the same data and port (ending it in order first when it runs); waits until it answers. */
  restart(): Promise<void>;
}

/**
 * Installs and starts a private MariaDB and waits until it answers. Nothing of it outlives this process: it is
 * also ended when the process exits, is interrupted or killed.
 *
 * @throws Error naming the Debian package when MariaDB is not installed, or with the end of the server's log when
 *   it did not come up within 60 s. Nothing stays behind then.
 */
export function startMariaDb(options?: MariaDbOptions): Promise<MariaDb>;
