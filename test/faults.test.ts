import { createServer } from 'node:net';
import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { symlinkSync } from 'node:fs';
import { runCommand } from './harness/command.js';
import { freshDatabase, type FreshDatabase, testDatabase } from './harness/database.js';
import { freePort } from './harness/free-port.mjs';
import { query } from './harness/query.js';
import {
  beginLogIn, call, environmentOf, runServer, type Server, spawnServer, startServer, untilReady,
} from './harness/server.js'; // prettier-ignore
import { startedDatabase } from './harness/started.js';

jest.setTimeout(180_000);

let fresh: FreshDatabase;
let servers: Server[];

beforeEach(() => {
  servers = [];
});
const beginsWith = (make: () => Promise<FreshDatabase>) => {
  beforeEach(async () => {
    fresh = await make();
  });
};
afterEach(async () => {
  await Promise.all(servers.map(one => one.kill()));
  await fresh.drop();
});

async function start(more: Record<string, string> = {}): Promise<Server> {
  const server = await startServer(environmentOf(fresh, more));
  servers.push(server);
  return server;
}

const rows = <T>(text: string) => query<T>(fresh.url, text);

describe('a server that is told to stop', () => {
  beginsWith(startedDatabase);

  test('finishes what is in flight and exits 0', async () => {
    const server = await start();
    const kept = await call(server, 'GET', '/health', { headers: { connection: 'keep-alive' } });
    expect(kept.status).toBe(200);
    const inFlight = await Promise.all([1, 2, 3, 4].map(() => beginLogIn(server)));
    const asked = Date.now();
    server.signal('SIGTERM');
    expect(await Promise.all(inFlight.map(one => one.status))).toEqual([200, 200, 200, 200]);
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(Date.now() - asked).toBeLessThan(10_000);
    expect(server.output()).toContain('"stopped"');
    const logins = await rows<{ total: number }>('SELECT COUNT(*) AS total FROM logins');
    expect(Number(logins[0]?.total)).toBe(4);
  });

  test('while it starts on nothing, ends too, and starts again', async () => {
    await fresh.drop();
    fresh = await freshDatabase();
    const server = await spawnServer(environmentOf(fresh));
    servers.push(server);
    await sleep(randomInt(200, 1_500));
    server.signal('SIGTERM');
    const exit = await server.exited;
    expect(exit.signal === 'SIGTERM' || exit.code === 0).toBe(true);
    await start();
  });
});

describe('a signal to the whole group of processes', () => {
  beginsWith(startedDatabase);

  test('arrives several times, and the stop is as orderly as with one', async () => {
    const server = await spawnServer(environmentOf(fresh), 'src/main.js', [], true);
    servers.push(server);
    await untilReady(server);
    const inFlight = await Promise.all([1, 2, 3, 4].map(() => beginLogIn(server)));
    for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
      process.kill(-server.pid, signal);
      await sleep(5);
    }
    expect(await Promise.all(inFlight.map(one => one.status))).toEqual([200, 200, 200, 200]);
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(server.output()).toContain('"stopped"');
  });

  test('that closes a terminal stops the server in good order too', async () => {
    const server = await start();
    server.signal('SIGHUP');
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(server.output()).toContain('"stopped"');
  });
});

const onSqlite = testDatabase() === 'sqlite' ? describe : describe.skip;
const onMariadb = testDatabase() === 'mariadb' ? describe : describe.skip;

onSqlite('a second server on the same files of SQLite', () => {
  beginsWith(startedDatabase);

  test('names the process that has them, and leaves them alone; commands work beside it', async () => {
    const server = await start();
    const second = await runServer(environmentOf(fresh));
    expect(second.code).toBe(1);
    expect(second.output).toMatch(new RegExp(`Another Opskeep server \\(process ${server.pid}\\) serves `));
    expect(second.output.trim()).toMatch(/which serves several$/);
    const add = [
      'admin',
      'user',
      'add',
      'beside@msp.example',
      '--name',
      'Beside',
      '--scopes',
      'msp:read',
      '--json',
    ];
    expect(await runCommand(environmentOf(fresh), add)).toMatchObject({ code: 0 });
    expect((await call(server, 'GET', '/health/ready')).status).toBe(200);
  });

  test('takes over from one that was killed, also by another way to the same file', async () => {
    const first = await start();
    const elsewhere = `${fresh.data}/linked.sqlite`;
    symlinkSync(`${fresh.data}/opskeep.sqlite`, elsewhere);
    const environment = environmentOf(fresh, { DATABASE_URL: `sqlite:${elsewhere}` });
    const refused = await runServer(environment);
    expect(refused.output).toContain(`process ${first.pid}`);
    await first.kill();
    const second = await startServer(environment);
    servers.push(second);
    expect((await call(second, 'GET', '/health/ready')).status).toBe(200);
  });

  test('of three that start at once, one serves', async () => {
    servers = await Promise.all([1, 2, 3].map(() => spawnServer(environmentOf(fresh))));
    const isServing = (one: Server) => untilReady(one).then(() => true, () => false); // prettier-ignore
    const serving = await Promise.all(servers.map(isServing));
    expect(serving.filter(Boolean)).toHaveLength(1);
    const winner = servers[serving.indexOf(true)];
    for (const one of servers.filter(other => other !== winner)) {
      expect(one.output()).toContain(`process ${winner?.pid}`);
      expect((await one.exited).code).toBe(1);
    }
  });
});

onMariadb('three servers that start at once on nothing', () => {
  beginsWith(freshDatabase);

  test('migrate once, make one administrator, share their keys, and are all healthy', async () => {
    const { OPSKEEP_ADMIN_PASSWORD: _, ...environment } = environmentOf(fresh);
    servers = await Promise.all([1, 2, 3].map(() => spawnServer(environment)));
    await Promise.all(servers.map(untilReady));
    for (const server of servers) expect((await call(server, 'GET', '/health/ready')).status).toBe(200);
    const names = await rows<{ name: string }>('SELECT name FROM migrations');
    expect(new Set(names.map(one => one.name)).size).toBe(names.length);
    expect(await rows('SELECT email FROM users')).toEqual([{ email: 'admin@localhost' }]);
    await sleep(100);
    const told = servers.flatMap(one => /^ {2}password {2}(\S+)$/m.exec(one.output())?.[1] ?? []);
    expect(told).toHaveLength(1);
    const login = { email: 'admin@localhost', password: told[0] };
    const answer = await call(servers[0]!, 'POST', '/api/auth/login', { body: login });
    for (const server of servers) {
      const me = await call(server, 'GET', '/api/auth/me', { token: answer.body.access_token });
      expect(me.status).toBe(200);
    }
  });
});

describe('a server that may not start', () => {
  beginsWith(freshDatabase);

  test('refuses another master key, and the keystore of another installation', async () => {
    const key = randomBytes(32).toString('hex');
    const server = await start({ API_KEY_MASTER_KEY: key });
    await server.kill();
    const other = randomBytes(32).toString('hex');
    const wrong = await runServer(environmentOf(fresh, { API_KEY_MASTER_KEY: other }));
    const [known] = await query<{ kek_id: string }>(
      fresh.keystoreUrl,
      'SELECT kek_id FROM data_keys LIMIT 1',
    );
    expect(wrong.code).toBe(1);
    expect(wrong.output).toContain(known?.kek_id ?? 'an id');
    for (const secret of [key, other]) expect(wrong.output).not.toContain(secret);
    expect(wrong.output).not.toMatch(/^\s+at /m);
    const elsewhere = await freshDatabase();
    try {
      const second = await startServer(environmentOf(elsewhere, { API_KEY_MASTER_KEY: key }));
      await second.kill();
      const mixed = environmentOf(
        { ...fresh, keystoreUrl: elsewhere.keystoreUrl },
        { API_KEY_MASTER_KEY: key },
      );
      const { code, output } = await runServer(mixed);
      expect(code).toBe(1);
      expect(output).toContain('belongs to installation');
    } finally {
      await elsewhere.drop();
    }
  });

  test('refuses to make keys in production', async () => {
    const { code, output } = await runServer(environmentOf(fresh, { NODE_ENV: 'production' }));
    expect(code).toBe(1);
    expect(output).toContain('API_KEY_MASTER_KEY');
    expect(output).toContain('JWT_SECRET_KEY');
  });

  test('says which port is taken, once, exits 1, and makes no password that would be lost', async () => {
    const port = await freePort();
    const blocker = createServer().listen(port, '127.0.0.1');
    const { OPSKEEP_ADMIN_PASSWORD: _, ...environment } = environmentOf(fresh);
    let printed = '';
    try {
      const { code, output } = await runServer({ ...environment, PORT: String(port) });
      expect(code).toBe(1);
      expect(output).toContain(`Port ${port}`);
      expect(output).toContain('PORT=');
      expect(output).not.toMatch(/^\s+at |EADDRINUSE|password/m);
      printed += output;
    } finally {
      blocker.close();
    }
    const server = await startServer(environment);
    servers.push(server);
    await sleep(200);
    printed += server.output();
    const body = { email: 'admin@localhost', password: /^ {2}password {2}(\S+)$/m.exec(printed)?.[1] };
    expect((await call(server, 'POST', '/api/auth/login', { body })).status).toBe(200);
  });

  test('refuses a first password that is easy to guess, by the name of its setting', async () => {
    const weak = { OPSKEEP_ADMIN_PASSWORD: 'CANARYpassword' };
    const { code, output } = await runServer(environmentOf(fresh, weak));
    expect(code).toBe(1);
    expect(output).toContain('OPSKEEP_ADMIN_PASSWORD');
    expect(output).not.toContain('CANARYpassword');
  });
});
