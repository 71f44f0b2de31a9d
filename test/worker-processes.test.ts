import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FreshDatabase, freshDatabase, testDatabase } from './harness/database.js';
import { query } from './harness/query.js';
import {
  ADMIN_PASSWORD, type Answered, call, environmentOf, type Exit, logIn, type Server, spawnServer, untilReady,
} from './harness/server.js'; // prettier-ignore

jest.setTimeout(180_000);

const onMariadb = testDatabase() === 'mariadb';
const METRICS = 'CANARY-metrics-0123456789abcdef';
const LOGINS = 8;
const REVEALS = 6;
const REFUSALS = 8;

let fresh: FreshDatabase;
let environment: Record<string, string>;
let keyFile: string;
let server: Server | undefined;
beforeAll(async () => {
  fresh = await freshDatabase();
  keyFile = join(fresh.data, 'keys.txt');
  newKey();
  environment = environmentOf(fresh, {
    API_KEY_MASTER_KEY_FILE: keyFile,
    METRICS_TOKEN: METRICS,
    TRUSTED_PROXIES: '127.0.0.1',
    LOGIN_LIMIT_PER_MINUTE: String(LOGINS),
    MASS_REVEAL_LIMIT: String(REVEALS),
    REFUSED_REVEAL_LIMIT: String(REFUSALS),
  });
});
afterAll(async () => {
  await server?.kill();
  await fresh.drop();
});

const newKey = () => writeFileSync(keyFile, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });

async function serve(...args: string[]): Promise<Server> {
  await server?.kill();
  server = await spawnServer(environment, 'src/cli.js', ['admin', 'serve', ...args]);
  return server;
}

async function outcome(...args: string[]): Promise<Exit & { output: string }> {
  const ended = await serve(...args);
  return { ...(await ended.exited), output: ended.output() };
}

const running = () => server ?? fail('Nothing runs');
const fail = (text: string): never => {
  throw new Error(text);
};
/** On a connection of its own: the next worker's turn. */
const ask = (method: string, path: string, { headers, ...more }: Parameters<typeof call>[3] = {}) =>
  call(running(), method, path, { ...more, headers: { ...headers, connection: 'close' } });
const times = (count: number, work: (n: number) => Promise<Answered>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));
const statusesOf = (answers: Answered[]) => answers.map(one => one.status).sort();
const sql = <T = Record<string, unknown>>(text: string) => query<T>(fresh.url, text);
const countOf = async (text: string) => Number((await sql<{ count: number }>(text))[0]?.count);

async function until<T>(what: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (let tries = 0; tries < 600; tries++, await sleep(100)) {
    const found = await what();
    if (found) return found;
  }
  return fail('It did not come to that');
}

/** The workers that have answered or said something since the log had this length. */
function pidsSince(length = 0): number[] {
  const found = [
    ...running()
      .output()
      .slice(length)
      .matchAll(/^\{"level":30,.*?"pid":(\d+),"request_id"/gm),
  ];
  return [...new Set(found.map(([, pid]) => Number(pid)))];
}

test.each([['0'], ['1.5']])('--workers %s is refused', async count => {
  expect(await outcome('--workers', count)).toMatchObject({
    code: 2,
    output: expect.stringContaining('whole number from 1 to 64'),
  });
});

test('a second signal, later than what is of the same stop, ends it at once', async () => {
  await untilReady(await serve());
  const { port } = running();
  const holding = connect(port, '127.0.0.1', () =>
    holding.write(
      'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    ),
  );
  holding.on('error', () => undefined);
  await until(async () => (await call(running(), 'GET', '/health')).status === 200);
  running().signal('SIGTERM');
  running().signal('SIGINT');
  await until(() => running().output().includes('"stopping"'));
  await sleep(2_500);
  expect(running().output()).not.toContain('"stopped"');
  running().signal('SIGTERM');
  expect(await running().exited).toEqual({ code: 1, signal: null });
  expect(running().output()).not.toContain('"stopped"');
  holding.destroy();
});

(onMariadb ? test.skip : test)('SQLite has one writer, and no workers', async () => {
  expect(await outcome('--workers', '2')).toMatchObject({
    code: 2,
    output: expect.stringMatching(/SQLite has one writer: --workers needs a DATABASE_URL of MariaDB/),
  });
});

(onMariadb ? describe : describe.skip)('two workers on one port', () => {
  let token: string;
  beforeAll(async () => {
    await untilReady(await serve('--workers', '2'));
    token = await logIn(running());
  });

  test('say once that they listen; both answer, and the log tells which', async () => {
    expect(
      running()
        .output()
        .match(/Opskeep listens on/g),
    ).toHaveLength(1);
    await times(8, () => ask('GET', '/health'));
    const pids = await until(() => (pidsSince().length === 2 ? pidsSince() : undefined));
    const known = await query<{ pid: number }>(fresh.keystoreUrl, 'SELECT pid FROM processes');
    expect(known.map(one => one.pid)).toEqual(expect.arrayContaining(pids));
    expect(pids).not.toContain(running().pid);
  });

  test('tell Prometheus what both have counted', async () => {
    const series = 'opskeep_http_request_duration_seconds_count{resource="root",method="GET",status="2xx"}';
    await times(20, () => ask('GET', '/'));
    const scrape = async () => {
      const answer = await fetch(`${running().url}/metrics`, {
        headers: { authorization: `Bearer ${METRICS}` },
      });
      return answer.text();
    };
    await until(async () => (await scrape()).includes(`${series} 20\n`));
    const text = await scrape();
    expect(text).toContain('opskeep_ready{check="database"} 1\n');
    expect(text).toMatch(/^opskeep_info\{version="[\d.]+"\} 1$/m);
  });

  test('what may be used once is used once, of 50 that come at once to both', async () => {
    const body = { name: 'Once', scopes: ['msp:read'], max_uses: 1 };
    const issued = await ask('POST', '/api/access-tokens', { token, body });
    const uses = await times(50, () => ask('GET', '/api/clients', { token: String(issued.body.token) }));
    expect(statusesOf(uses)).toEqual([200, ...Array<number>(49).fill(401)]);
    const secret = { credential_type: 'password', service_name: 'Mail', password: 'CANARY of a link' };
    const { id } = (await ask('POST', '/api/credentials', { token, body: secret })).body;
    const share = await ask('POST', `/api/credentials/${id}/share`, { token, body: { reason: 'Wanted' } });
    const [, link = ''] = /#([\w-]{22})\./.exec(String(share.body.url)) ?? [];
    const views = await times(50, () => ask('POST', '/api/shares/redeem', { body: { token: link } }));
    expect(statusesOf(views)).toEqual([200, ...Array<number>(49).fill(404)]);
  });

  test('one Idempotency-Key makes one row', async () => {
    const body = { name: 'CANARY once' };
    const headers = { 'idempotency-key': randomBytes(8).toString('hex') };
    const make = () => ask('POST', '/api/clients', { token, body, headers });
    const answers = await times(20, make);
    const [first, ...others] = new Set(answers.filter(one => one.status === 201).map(one => one.body.id));
    expect(others).toEqual([]);
    expect(statusesOf(answers).filter(status => status !== 201 && status !== 409)).toEqual([]);
    expect((await times(4, make)).map(one => one.body.id)).toEqual([first, first, first, first]);
    expect(await countOf("SELECT COUNT(*) AS count FROM clients WHERE name = 'CANARY once'")).toBe(1);
  });

  test('a login that one has ended is refused by both in their next answer', async () => {
    const other = await logIn(running());
    expect((await ask('GET', '/api/clients', { token: other })).status).toBe(200);
    expect((await ask('POST', '/api/auth/logout', { token: other })).status).toBe(204);
    const after = await times(10, () => ask('GET', '/api/clients', { token: other }));
    expect(statusesOf(after)).toEqual(Array<number>(10).fill(401));
  });

  test('logins of one address are counted together', async () => {
    const guess = () =>
      ask('POST', '/api/auth/login', {
        body: { email: 'x@canary.test', password: 'CANARY wrong' },
        headers: { 'x-forwarded-for': '192.0.2.7' },
      });
    let tried = 0;
    for (let round = 0; round < LOGINS; round++) {
      const statuses = statusesOf(await times(round === 0 ? LOGINS : 2, guess));
      tried += statuses.filter(status => status === 401).length;
      if (statuses.every(status => status === 429)) break;
      await sleep(1_200);
    }
    // Counted apart, both let as many through.
    expect(tried).toBeLessThan(2 * LOGINS);
    expect(statusesOf(await times(4, guess))).toEqual([429, 429, 429, 429]);
  });

  test('who reveals much, or is refused much, is noticed in whichever worker', async () => {
    const secret = { credential_type: 'password', service_name: 'Mail', password: 'CANARY of many' };
    const made = await times(REVEALS, () => ask('POST', '/api/credentials', { token, body: secret }));
    const ids = made.map(one => one.body.id);
    const incident = (title: string) =>
      countOf(`SELECT COUNT(*) AS count FROM security_incidents WHERE title LIKE '${title}%'`);
    // Each worker sees half of them.
    for (const id of ids) expect((await ask('GET', `/api/credentials/${id}`, { token })).status).toBe(200);
    await until(async () => (await incident('Many secrets revealed')) === 1);
    const other = {
      email: 'other@canary.test',
      name: 'Other',
      password: ADMIN_PASSWORD,
      scopes: ['msp:read'],
    };
    await ask('POST', '/api/users', { token, body: other });
    const login = await ask('POST', '/api/auth/login', {
      body: { email: other.email, password: ADMIN_PASSWORD },
      headers: { 'x-forwarded-for': '192.0.2.8' },
    });
    const refused = () => ask('GET', `/api/credentials/${ids[0]}`, { token: login.body.access_token });
    let count = 0;
    for (; count < 2 * REFUSALS - 2 && (await incident('Secrets refused')) === 0; count++) {
      expect((await refused()).status).toBe(404);
      // The last ones come when each knows of the other.
      if (count >= REFUSALS - 2) await sleep(1_200);
    }
    await until(async () => (await incident('Secrets refused')) === 1);
  });

  test('one that is killed is started again, while the other answers', async () => {
    const [victim = 0] = pidsSince();
    process.kill(victim, 'SIGKILL');
    await until(() => running().output().includes(`"pid":${victim},"code":null,"signal":"SIGKILL"`));
    expect(statusesOf(await times(4, () => ask('GET', '/api/clients', { token })))).toEqual([
      200, 200, 200, 200,
    ]);
    const { length } = running().output();
    await until(async () => {
      await times(4, () => ask('GET', '/health'));
      return pidsSince(length).length === 2;
    });
    expect(pidsSince(length)).not.toContain(victim);
    expect((await ask('POST', '/api/audit/verify', { token })).body).toMatchObject({ ok: true, faults: [] });
  });

  test('one that answered and is killed before all listen is started again, too', async () => {
    await serve('--workers', '2');
    const [first = 0] = await until(async () => {
      await ask('GET', '/health').catch(() => undefined);
      return pidsSince().length > 0 ? pidsSince() : undefined;
    });
    process.kill(first, 'SIGKILL');
    expect(running().output()).not.toContain('all workers listen');
    await untilReady(running());
    const { length } = running().output();
    await until(async () => {
      await times(4, () => ask('GET', '/health'));
      return pidsSince(length).length === 2;
    });
    expect(pidsSince(length)).not.toContain(first);
  });

  test('SIGTERM to the one that was started stops all of them well, and everything is sealed', async () => {
    const began = times(8, n => ask('POST', '/api/clients', { token, body: { name: `CANARY last ${n}` } }));
    await began;
    running().signal('SIGTERM');
    expect(await running().exited).toEqual({ code: 0, signal: null });
    expect(
      running()
        .output()
        .match(/"stopped"/g),
    ).toHaveLength(2);
    expect(await countOf('SELECT COUNT(*) AS count FROM journal WHERE seq IS NULL')).toBe(0);
  });

  test('when the one that was started is killed, the workers finish what they do, and stop', async () => {
    await untilReady(await serve('--workers', '2'));
    running().signal('SIGKILL');
    // Until nobody has its output any more.
    expect(await running().exited).toMatchObject({ signal: 'SIGKILL' });
    expect(
      running()
        .output()
        .match(/"signal":"end of the parent"/g),
    ).toHaveLength(2);
    expect(
      running()
        .output()
        .match(/"stopped"/g),
    ).toHaveLength(2);
  });

  test('one that cannot start any more ends all of them with its message', async () => {
    await untilReady(await serve('--workers', '2'));
    newKey();
    await times(4, () => ask('GET', '/health'));
    const pids = await until(() => (pidsSince().length > 0 ? pidsSince() : undefined));
    process.kill(pids[0] ?? 0, 'SIGKILL');
    expect(await running().exited).toMatchObject({ code: 1 });
    expect(
      running()
        .output()
        .match(/Opskeep cannot start: .*master key/g),
    ).toHaveLength(5);
    expect(running().output()).toContain('"stopped"');
    // In the beginning there is nothing that could go on.
    const again = await outcome('--workers', '2');
    expect(again).toMatchObject({ code: 1, output: expect.stringMatching(/cannot start: .*master key/) });
    expect(again.output.match(/cannot start/g)).toHaveLength(1);
    for (const text of [again.output, ADMIN_PASSWORD]) expect(text).not.toContain(METRICS);
  });
});
