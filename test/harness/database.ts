import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';

/** Two empty databases, and a folder, which belong to one test. */
export interface FreshDatabase {
  /** Url of the main database: `sqlite:<file>` or `mysql://user:password@127.0.0.1:port/name`. */
  url: string;
  /** Url of the keystore's database, of the same kind; on MariaDB with the same account. */
  keystoreUrl: string;
  /** A temporary folder of mode 0700; on SQLite the database files are in it too. */
  data: string;
  /** Removes all of it; MariaDB connections which the test left open are ended. May be called again. */
  drop(): Promise<void>;
}

/** The database which this run of the tests uses: the environment's `OPSKEEP_TEST_DATABASE`, or SQLite. */
export function testDatabase(): 'sqlite' | 'mariadb' {
  return process.env.OPSKEEP_TEST_DATABASE === 'mariadb' ? 'mariadb' : 'sqlite';
}

/**
 * Makes databases which no other test sees. On MariaDB they are in the private server of this run, owned by an ordinary
 * account with rights on nothing else.
 *
 * @throws Error when the tests run on MariaDB without the global setup having started it.
 */
export async function freshDatabase(): Promise<FreshDatabase> {
  const data = await mkdtemp(join(tmpdir(), 'opskeep-test-'));
  const removeData = (): Promise<void> => rm(data, { recursive: true, force: true });
  if (testDatabase() === 'sqlite') {
    const file = (name: string): string => `sqlite:${join(data, name)}`;
    return { url: file('opskeep.sqlite'), keystoreUrl: file('keystore.sqlite'), data, drop: removeData };
  }
  try {
    const { drop, ...urls } = await mariaDbDatabases();
    return { ...urls, data, drop: () => drop().finally(removeData) };
  } catch (error) {
    await removeData();
    throw error;
  }
}

async function mariaDbDatabases(): Promise<Omit<FreshDatabase, 'data'>> {
  const id = randomBytes(6).toString('hex');
  const [main, keystore, user, password] = [
    `main${id}`,
    `keystore${id}`,
    `user${id}`,
    randomBytes(12).toString('hex'),
  ];
  const account = `'${user}'@'127.0.0.1'`;
  await asRoot([
    `CREATE DATABASE ${main}`,
    `CREATE DATABASE ${keystore}`,
    `CREATE USER ${account} IDENTIFIED BY '${password}'`,
    `GRANT ALL ON ${main}.* TO ${account}`,
    `GRANT ALL ON ${keystore}.* TO ${account}`,
  ]);
  const url = (name: string): string => {
    const { host } = new URL(rootUrl());
    return `mysql://${user}:${password}@${host}/${name}`;
  };
  return {
    url: url(main),
    keystoreUrl: url(keystore),
    // Connections first: a transaction left open would make DROP DATABASE wait for its locks.
    drop: () =>
      asRoot([
        `DROP USER IF EXISTS ${account}`,
        `KILL USER '${user}'`,
        `DROP DATABASE IF EXISTS ${main}`,
        `DROP DATABASE IF EXISTS ${keystore}`,
      ]),
  };
}

function rootUrl(): string {
  const url = process.env.OPSKEEP_TEST_MARIADB_URL;
  if (!url)
    throw new Error('OPSKEEP_TEST_MARIADB_URL is not set: run the tests through Jest and its global setup.');
  return url;
}

async function asRoot(statements: string[]): Promise<void> {
  const connection = await mysql.createConnection(rootUrl());
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    await connection.end();
  }
}
