import { setTimeout as sleep } from 'node:timers/promises';
import { createPool } from 'mysql2';
import mysql from 'mysql2/promise';
import { isUnavailable } from '../src/core/database/database-errors.js';
import { MariadbConnections } from '../src/core/database/mariadb-connections.js';
import { UnavailableError } from '../src/core/context/errors.js';
import { expectConsistent, nothingTold, write } from './harness/crash.js';
import { type FreshDatabase, freshDatabase, testDatabase } from './harness/database.js';
import { type MariaDb, startMariaDb } from './harness/mariadb.mjs';
import { query } from './harness/query.js';
import { call, environmentOf, logIn, type Server, startServer } from './harness/server.js';

(testDatabase() === 'mariadb' ? describe : describe.skip)("a MariaDB of one's own", () => {
  let database: MariaDb;
  let fresh: FreshDatabase;
  beforeAll(async () => {
    database = await startMariaDb({ args: ['--innodb-buffer-pool-size=64M', '--performance-schema=OFF'] });
    fresh = await freshDatabase();
    // Accounts of one's own: what is refused to others is not refused to root.
    for (const name of ['main', 'keystore']) {
      await query(database.url('mysql'), `CREATE DATABASE ${name}`);
      await query(database.url('mysql'), `CREATE USER ${name}@'%' IDENTIFIED BY 'CANARY-${name}'`);
      await query(database.url('mysql'), `GRANT ALL ON ${name}.* TO ${name}@'%'`);
    }
  });
  afterAll(async () => {
    await fresh.drop();
    await database.stop();
  });

  const own = (name: string) => {
    const url = new URL(database.url(name));
    return Object.assign(url, { username: name, password: `CANARY-${name}` }).href;
  };

  describe('with the service', () => {
    let server: Server;
    let token: string;
    beforeAll(async () => {
      server = await startServer({
        ...environmentOf(fresh),
        DATABASE_URL: own('main'),
        KEYSTORE_DATABASE_URL: own('keystore'),
        DATABASE_POOL: '6',
      });
      token = await logIn(server);
    });
    afterAll(() => server.kill());

    async function untilItWrites(): Promise<void> {
      for (let n = 0; n < 200; n++, await sleep(50)) {
        const body = { name: `CANARY back ${Date.now()} ${n}` };
        if ((await call(server, 'POST', '/api/clients', { token, body })).status === 201) return;
      }
      throw new Error('The service did not recover within ten seconds');
    }

    async function expectAway(): Promise<void> {
      const answers = [
        await call(server, 'GET', '/api/clients', { token }),
        await call(server, 'POST', '/api/clients', { token, body: { name: 'CANARY never' } }),
        await call(server, 'POST', '/api/auth/login', { body: { email: 'a@canary.test', password: 'x' } }),
        await call(server, 'POST', '/api/auth/refresh', { body: { refresh_token: 'x' } }),
      ];
      for (const { status, headers, body } of answers) {
        expect([status, headers.get('retry-after'), body.code]).toEqual([503, '30', 'unavailable']);
        expect(JSON.stringify(body)).not.toMatch(/ECONN|127\.0\.0\.1|mysql/i);
      }
      expect((await call(server, 'GET', '/health')).status).toBe(200);
      const ready = await call(server, 'GET', '/health/ready');
      expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '30']);
      expect(ready.body).toMatchObject({ checks: { database: 'failed', keystore: 'failed' } });
    }

    test('is away after a crash, and used again after its restart; nothing acknowledged is lost', async () => {
      const told = nothingTold();
      let over = false;
      const writers = [1, 2, 3, 4].map(() => write(server, token, told, () => over));
      await sleep(500);
      await database.kill();
      over = true;
      await Promise.all(writers);
      await expectAway();
      await database.restart();
      await untilItWrites();
      // That the disk took no writes holds for a second.
      for (let n = 0; n < 100 && (await call(server, 'GET', '/health/ready')).status !== 200; n++)
        await sleep(100);
      expect((await call(server, 'GET', '/health/ready')).status).toBe(200);
      expect([...told.statuses].filter(status => ![200, 201, 503].includes(status))).toEqual([]);
      await expectConsistent(database.url('main'), told);
    });

    test('loses connections in the middle of transactions: 503 or done, never half', async () => {
      const told = nothingTold();
      let over = false;
      const writers = [1, 2, 3, 4].map(() => write(server, token, told, () => over));
      const root = await mysql.createConnection(database.url('mysql'));
      for (const end = Date.now() + 1500; Date.now() < end; await sleep(25)) {
        const [all] = await root.query<mysql.RowDataPacket[]>(
          "SELECT id FROM information_schema.processlist WHERE db = 'main' ORDER BY RAND() LIMIT 2",
        );
        for (const { id } of all as { id: number }[])
          await root.query(`KILL CONNECTION ${id}`).catch(() => undefined);
      }
      await root.end();
      over = true;
      await Promise.all(writers);
      expect(told.acknowledged.size).toBeGreaterThan(0);
      expect(told.statuses).toContain(503);
      expect([...told.statuses].filter(status => ![200, 201, 503].includes(status))).toEqual([]);
      await untilItWrites();
      await expectConsistent(database.url('main'), told);
      expect(server.output()).not.toContain('"status":500');
    });

    /** Ends the connections of an account; those of others go on. */
    async function cut(user: string): Promise<void> {
      const root = await mysql.createConnection(database.url('mysql'));
      const [all] = await root.query<mysql.RowDataPacket[]>(
        'SELECT id FROM information_schema.processlist WHERE user = ?',
        [user],
      );
      for (const { id } of all as { id: number }[])
        await root.query(`KILL CONNECTION ${id}`).catch(() => undefined);
      await root.end();
    }

    test('takes no writes: they and reads of secrets are 503, lists are not', async () => {
      const made = await call(server, 'POST', '/api/credentials', {
        token,
        body: { service_name: 'CANARY', credential_type: 'password', password: 'CANARY kept' },
      });
      const secret = `/api/credentials/${String(made.body.id)}`;
      const answers = async () => [
        (await call(server, 'POST', '/api/clients', { token, body: { name: 'CANARY never' } })).status,
        (await call(server, 'GET', secret, { token })).status,
        (await call(server, 'GET', '/api/clients', { token })).status,
      ];
      await query(database.url('mysql'), 'SET GLOBAL read_only = 1');
      expect(await answers()).toEqual([503, 503, 200]);
      await query(database.url('mysql'), 'SET GLOBAL read_only = 0');
      await untilItWrites();
      expect((await call(server, 'GET', secret, { token })).status).toBe(200);
      expect(server.output()).not.toContain('"status":500');
    });

    test('has its keystore away: what needs a key is 503 and half of nothing is done', async () => {
      const clients = [];
      for (const name of ['one', 'two'])
        clients.push(
          (await call(server, 'POST', '/api/clients', { token, body: { name: `CANARY ${name} away` } })).body
            .id,
        );
      const credential = (client_id: unknown) =>
        call(server, 'POST', '/api/credentials', {
          token,
          body: { client_id, service_name: 'CANARY', credential_type: 'password', password: 'CANARY away' },
        });
      await query(database.url('mysql'), "ALTER USER keystore@'%' ACCOUNT LOCK");
      await cut('keystore');
      const refused = await credential(clients[0]);
      expect([refused.status, refused.headers.get('retry-after'), refused.body.code]).toEqual([
        503,
        '30',
        'unavailable',
      ]);
      expect(
        (await call(server, 'GET', `/api/credentials?client_id=${String(clients[0])}`, { token })).body.items,
      ).toEqual([]);
      expect(
        (await call(server, 'POST', '/api/clients', { token, body: { name: 'CANARY kept' } })).status,
      ).toBe(201);
      expect((await call(server, 'GET', '/health/ready')).body).toMatchObject({
        checks: { database: 'ok', keystore: 'failed' },
      });
      await query(database.url('mysql'), "ALTER USER keystore@'%' ACCOUNT UNLOCK");
      for (const client_id of clients) expect((await credential(client_id)).status).toBe(201);
      expect(server.output()).not.toContain('"status":500');
    });

    test('hangs: the readiness says so within seconds, the liveness is not touched', async () => {
      process.kill(database.pid, 'SIGSTOP');
      try {
        const began = Date.now();
        const ready = await call(server, 'GET', '/health/ready');
        expect(ready.status).toBe(503);
        expect(Date.now() - began).toBeLessThan(8_000);
        expect((await call(server, 'GET', '/health')).status).toBe(200);
      } finally {
        process.kill(database.pid, 'SIGCONT');
      }
      await untilItWrites();
    });

    test('stops in good order although it is away', async () => {
      await database.kill();
      server.signal('SIGTERM');
      const began = Date.now();
      const { signal } = await server.exited;
      expect(signal).toBeNull();
      expect(Date.now() - began).toBeLessThan(10_000);
      await database.restart();
    });
  });

  describe('that hangs', () => {
    test('counts as away after a while; what it had begun is undone, and it is used again', async () => {
      const url = new URL(database.url('main'));
      const pool = createPool({ uri: url.href, connectionLimit: 2 });
      const connections = await MariadbConnections.open(pool, { connection: 400, statement: 400 });
      await query(url.href, 'CREATE TABLE hanging (id int PRIMARY KEY)');
      try {
        await Promise.all([connections.ping(), connections.ping()]);
        const transaction = await connections.begin();
        await transaction.change('INSERT INTO hanging VALUES (1)');
        process.kill(database.pid, 'SIGSTOP');
        await sleep(100);
        const away = (error: unknown) =>
          error instanceof UnavailableError || isUnavailable(error) ? 'away' : error;
        const asked = [
          transaction.change('INSERT INTO hanging VALUES (2)'),
          connections.ping(),
          connections.ping(),
          connections.begin(),
        ];
        const answers = await Promise.all(asked.map(one => one.then(() => 'answered', away)));
        expect(answers).toEqual(['away', 'away', 'away', 'away']);
        await transaction.rollback();
        process.kill(database.pid, 'SIGCONT');
        await connections.commitOne('INSERT INTO hanging VALUES (3)', []);
        expect(await connections.reader.select('SELECT id FROM hanging')).toEqual([{ id: 3 }]);
      } finally {
        process.kill(database.pid, 'SIGCONT');
        await new Promise(done => pool.end(done));
      }
    });
  });
});
