import { readFileSync } from 'node:fs';
import argon2 from 'argon2';
import { openSqlite, sqliteDriver, SQLITE_PACKAGE } from '../src/formats/sqlite-driver.js';
import { type FreshDatabase, freshDatabase } from './harness/database.js';
import { runCommand } from './harness/command.js';
import { call, environmentOf, logIn, type Server, startServer } from './harness/server.js';

jest.setTimeout(180_000);

interface Manifest {
  version: string;
}

const manifest = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Manifest;

describe(`on Node ${process.versions.node}`, () => {
  test('SQLite is driven by the package that is sound here', () => {
    const has = Number(process.versions.napi) >= 10;
    expect(SQLITE_PACKAGE).toBe(has ? 'better-sqlite3' : 'better-sqlite3-12');
    const { version } = manifest(require.resolve(`${SQLITE_PACKAGE}/package.json`));
    expect(version).toMatch(has ? /^1[3-9]\./ : /^12\.11\./);
    expect(sqliteDriver()).toBe(sqliteDriver());
  });

  test('errors of SQLite have their class and code', () => {
    const database = openSqlite(':memory:');
    database.exec('CREATE TABLE names (name text UNIQUE)');
    const insert = database.prepare("INSERT INTO names VALUES ('CANARY')");
    insert.run();
    const { SqliteError } = sqliteDriver();
    expect(() => insert.run()).toThrow(SqliteError);
    expect(() => insert.run()).toThrow(
      expect.objectContaining({ code: 'SQLITE_CONSTRAINT_UNIQUE' }) as Error,
    );
    database.close();
  });

  test('passwords are hashed and verified', async () => {
    const hash = await argon2.hash('CANARY password');
    expect(hash).toMatch(/^\$argon2id\$/);
    expect(await argon2.verify(hash, 'CANARY password')).toBe(true);
    expect(await argon2.verify(hash, 'CANARY passwort')).toBe(false);
  });
});

describe(`a server on Node ${process.versions.node}`, () => {
  let fresh: FreshDatabase;
  let server: Server;
  let environment: Record<string, string>;
  beforeAll(async () => {
    fresh = await freshDatabase();
    environment = environmentOf(fresh);
    server = await startServer(environment);
  });
  afterAll(async () => {
    await server?.kill();
    await fresh.drop();
  });

  test('seals a credential, opens it, and verifies its trail beside the command line', async () => {
    const token = await logIn(server);
    const body = { credential_type: 'password', service_name: 'Firewall', password: 'CANARY tR7#mk92' };
    const made = await call(server, 'POST', '/api/credentials', { token, body });
    expect(made.status).toBe(201);
    const read = await call(server, 'GET', `/api/credentials/${made.body.id}`, { token });
    expect(read.body).toMatchObject({ password: 'CANARY tR7#mk92' });
    const verified = await runCommand(environment, ['admin', 'audit', 'verify', '--json']);
    expect(verified).toMatchObject({ code: 0 });
  });

  test('stops in good order', async () => {
    server.signal('SIGTERM');
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(server.output()).toContain('stopped');
  });
});
