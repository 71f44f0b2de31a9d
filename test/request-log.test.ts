import { readFileSync } from 'node:fs';
import { startApp, type TestApp } from './app.js';
import { runCommand } from './harness/command.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ settings: { LOG_LEVEL: 'info' } });
});
afterAll(() => t.close());

type Line = Record<string, unknown>;

/** The line of the log about the request that `work` makes. */
async function lineOf(work: () => Promise<unknown>): Promise<Line> {
  const before = t.logs.length;
  await work();
  const lines = (t.logs as Line[]).slice(before).filter(line => line.msg === 'request');
  expect(lines).toHaveLength(1);
  return lines[0]!;
}

test('each request has a line: method, route, status, milliseconds, who and which; no value of it', async () => {
  const client = await t.make('clients');
  const me = await t.http('GET', '/api/auth/me');
  let request_id: unknown;
  const line = await lineOf(async () => {
    const answer = await t.http('GET', `/api/clients/${client.id}?fields=name&omit=CANARY`);
    request_id = answer.headers['x-request-id'];
  });
  expect(line).toMatchObject({ method: 'GET', route: '/api/clients/:id', actor_id: me.body.id, request_id });
  expect(typeof line.status).toBe('number');
  expect(line.ms).toBeGreaterThan(0);
  expect(line.level).toBe(30);
  expect(JSON.stringify(line)).not.toMatch(new RegExp(`CANARY|fields|${client.id}`));
});

test('so has one that is refused, of nobody, of no route, and of another method', async () => {
  expect(await lineOf(() => t.http('GET', '/api/clients?q=CANARY', { token: 'CANARY' }))).toMatchObject({
    status: 401,
    route: '/api/clients',
  });
  const unknown = await lineOf(() => t.http('GET', '/api/CANARY/secret?password=CANARY'));
  expect(unknown).toMatchObject({ method: 'GET', status: 404 });
  expect(JSON.stringify(unknown)).not.toContain('CANARY');
  expect(await lineOf(() => t.http('DELETE', '/health'))).toMatchObject({ method: 'DELETE', status: 405 });
  const login = { email: 'nobody@canary.test', password: 'CANARY password' };
  const failed = await lineOf(() => t.http('POST', '/api/auth/login', { token: '', body: login }));
  expect(failed).toMatchObject({ method: 'POST', route: '/api/auth/login', status: 401 });
  expect(failed.actor_id).toBeUndefined();
  expect(JSON.stringify(failed)).not.toMatch(/CANARY|canary/);
});

test('there is none above info', async () => {
  const quiet = await startApp({ settings: { LOG_LEVEL: 'warn' } });
  try {
    await quiet.http('GET', '/api/clients');
    expect((quiet.logs as Line[]).filter(line => line.msg === 'request')).toEqual([]);
  } finally {
    await quiet.close();
  }
});

test('the command line tells its version', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const ran = await runCommand({ HOME: '/', OPSKEEP_DATA: process.cwd() }, ['--version']);
  expect(ran).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});
