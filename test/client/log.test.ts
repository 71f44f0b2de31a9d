import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LABOUR } from '../../src/client/time/labour.js';
import { LABOUR_TYPES } from '../../src/work/money/labour.js';
import { dayOf, minutesOf } from '../../src/client/time/duration.js';
import { type Shown, startApp, type TestApp } from '../app.js';
import { type Machine, makeMachine } from './machine.js';

jest.setTimeout(180_000);

test('a time is minutes, hours, or hours and minutes', () => {
  const good = {
    90: 90,
    '90m': 90,
    '1h': 60,
    '1h30': 90,
    '1h30m': 90,
    '1H5': 65,
    '0:45': 45,
    '1:30': 90,
    '1.5h': 90,
    '0,25h': 15,
    '24h': 1440,
  };
  for (const [text, minutes] of Object.entries(good))
    expect([text, minutesOf(text)]).toEqual([text, minutes]);
  for (const text of ['', '0', '-5', '1441', '25h', '1h60', '1.5', '1.33h', '1e2', 'an hour', '1h 30', '٣'])
    expect(() => minutesOf(text)).toThrow(/MINUTES/);
});

test('the types of labour are those of the server', () => expect(LABOUR).toEqual(LABOUR_TYPES));

test('a day is named, or counted back from today over the end of a month', () => {
  const now = new Date(2026, 2, 1, 0, 30);
  expect(['today', 'yesterday', '2026-01-31'].map(one => dayOf(one, now))).toEqual([
    '2026-03-01',
    '2026-02-28',
    '2026-01-31',
  ]);
  for (const text of ['', '31.1.2026', '2026-13-01', 'tomorrow'])
    expect(() => dayOf(text, now)).toThrow(/--date/);
});

/** A way to the server on which the answer to a POST may be lost. */
async function lossyWay(target: string): Promise<{ url: string; way: { loses: boolean }; server: Server }> {
  const way = { loses: false };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = 'GET', url = '/', headers } = request;
      const { host: _host, connection: _connection, 'content-length': _length, ...kept } = headers;
      const body = method === 'GET' ? undefined : Buffer.concat(parts);
      void fetch(target + url, { method, headers: kept as Record<string, string>, body }).then(
        async answer => {
          const text = await answer.text();
          if (way.loses && method === 'POST') request.socket.destroy();
          else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
        },
      );
    });
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, way, server };
}

describe('time worked is written down', () => {
  let t: TestApp;
  let machine: Machine;
  let acme: Shown;
  let way: { loses: boolean };
  let server: Server;
  beforeAll(async () => {
    t = await startApp();
    const lossy = await lossyWay(await t.listen());
    ({ way, server } = lossy);
    machine = await makeMachine({ url: lossy.url, token: t.admin.token });
    acme = await t.make('clients', { name: 'Acme', default_hourly_rate: '100.00' });
  });
  afterAll(async () => {
    machine.remove();
    server.closeAllConnections();
    server.close();
    await t.close();
  });

  const log = (...args: string[]) => machine.run(['log', ...args]);
  const logged = async (description: string) => {
    const { body } = await t.http('GET', '/api/billable-time', { query: { q: description } });
    return body.items as Shown[];
  };

  test('for a client, with the day, or up to now', async () => {
    const told = await log(
      '1h30',
      '--client',
      'acme',
      '--date',
      '2026-01-31',
      '--labour',
      'onsite',
      'Changed',
      'the switch',
    );
    expect(told).toMatchObject({ code: 0, stderr: '' });
    expect(told.stdout).toMatch(
      /^Logged 90 minutes \(onsite\) for Acme on 2026-01-31, billed as 90: draft [0-9a-f-]{36}\.\n$/,
    );
    expect(await logged('Changed the switch')).toMatchObject([
      { client_id: acme.id, worked_minutes: 90, status: 'draft' },
    ]);
    const now = (await log('15', '--client', String(acme.id), '--json', '--', '-v', 'was missing')).json();
    expect(Date.now() - Date.parse(String(now.started_at)) - 15 * 60_000).toBeLessThan(600_000);
    expect(now.description).toBe('-v was missing');
    const input = await machine.run(['log', '5', '--client', 'Acme', '-'], 'Said on the\nstandard input\n');
    expect(input.code).toBe(0);
  });

  test('for a task, whose client and project it takes over', async () => {
    const project = await t.make('projects', { name: 'Move', client_id: acme.id });
    const task = await t.make('tasks', {
      title: 'Pack the boxes',
      client_id: acme.id,
      project_id: project.id,
    });
    const told = await log('20', '--task', 'pack the boxes', '--json', 'Packed');
    expect(told.json()).toMatchObject({ client_id: acme.id, project_id: project.id });
    expect((await log('20', '--task', String(task.id), 'Packed more')).stdout).toContain('for Acme');
    const other = await t.make('clients', { name: 'Other' });
    expect((await log('20', '--task', String(task.id), '--client', String(other.id), 'x')).code).toBe(2);
    await t.make('tasks', { title: 'Pack the lorry', client_id: acme.id });
    expect(await log('20', '--task', 'Pack the', 'x')).toMatchObject({ code: 1, stdout: '' });
    expect(await log('20', '--task', 'Unpack', 'x')).toMatchObject({ code: 3, stdout: '' });
  });

  test('once, though the answer was lost; said again after an answer it is more time', async () => {
    const again = () => log('45', '--client', 'Acme', 'Looked for a loop');
    way.loses = true;
    for (let n = 0; n < 2; n++) {
      const lost = await again();
      expect(lost).toMatchObject({ code: 4, stdout: '' });
      expect(lost.stderr).toContain('the same command again logs it once');
    }
    way.loses = false;
    expect((await again()).stdout).toContain('It was sent before');
    expect(await logged('Looked for a loop')).toHaveLength(1);
    expect((await again()).stdout).not.toContain('sent before');
    expect(await logged('Looked for a loop')).toHaveLength(2);
  });

  test('wrong usage is 2, also where the server finds it, what it refuses 1, and nothing is kept of it', async () => {
    for (const args of [
      ['90'],
      ['x', '--client', 'Acme', 'text'],
      ['90', 'text'],
      ['9', '--client', 'Acme', ' '],
      ['9', '--client', 'Acme', '--date', 'x', 'y'],
    ])
      expect(await log(...args)).toMatchObject({ code: 2, stdout: '' });
    for (const [option, value] of [
      ['--labour', 'nonsense'],
      ['--date', '2026-02-31'],
      ['--date', '2999-01-01'],
    ] as const) {
      const refused = await log('9', '--client', 'Acme', option, value, 'Refused');
      expect([value, refused.code, refused.stdout]).toEqual([value, 2, '']);
      expect(refused.stderr).toMatch(new RegExp(`^${option} `));
    }
    const reader = (await t.user({ scopes: ['msp:read'] })).token;
    const args = ['log', '9', '--client', 'Acme', 'Refused'];
    expect(await machine.run(args, '', { OPSKEEP_TOKEN: reader })).toMatchObject({ code: 1, stdout: '' });
    expect(await log('9', '--client', 'Nobody', 'x')).toMatchObject({ code: 3 });
    expect(machine.disk()).not.toContain('Refused');
  });
});
