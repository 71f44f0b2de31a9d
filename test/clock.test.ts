import { Sequencer } from '../src/core/audit/seals/sequencer.js';
import { startApp, type TestApp } from './app.js';

jest.setTimeout(120_000);

const DAY_MS = 24 * 60 * 60 * 1_000;

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterEach(() => jest.useRealTimers());
afterAll(() => t.close());

/** The clock of the machine is set while the server runs; what measures durations goes on as before. */
function setClock(by: number): void {
  jest.useRealTimers();
  jest.useFakeTimers({
    now: Date.now() + by,
    advanceTimers: true,
    doNotFake: ['setImmediate', 'setInterval', 'setTimeout', 'nextTick', 'queueMicrotask', 'performance'],
  });
}

const write = (token: string, name: string) =>
  t.http('POST', '/api/clients', { token, body: { name: `CANARY ${name}` } });
const revealed = async (token: string, id: string) =>
  (await t.http('POST', `/api/credentials/${id}/reveal`, { token, body: { reason: 'The clock is wrong' } }))
    .status;

test('who waits for changes waits as long as was asked, also when the clock is set back meanwhile', async () => {
  const { head } = (await t.http('GET', '/api/changes?limit=1')).body as unknown as { head: number };
  const waiting = t.http('GET', `/api/changes?after=${head}&wait=1`);
  await new Promise(resolve => setTimeout(resolve, 200));
  setClock(-DAY_MS);
  expect(await waiting).toMatchObject({ status: 200, body: { items: [] } });
});

test('a clock that jumps a day forward, and back, costs logins and nothing else', async () => {
  const credential = await t.make('credentials', { password: 'CANARY of the clock' });
  expect((await write(t.admin.token, 'before')).status).toBe(201);

  setClock(DAY_MS);
  const ended = await write(t.admin.token, 'never');
  expect([ended.status, ended.body.code]).toEqual([401, 'authentication']);
  const ahead = await t.login(t.admin.email);
  expect((await write(ahead, 'ahead')).status).toBe(201);
  expect(await revealed(ahead, credential.id)).toBe(200);
  await t.app.get(Sequencer).sealNow();

  setClock(0);
  const back = await t.login(t.admin.email);
  expect((await write(back, 'back')).status).toBe(201);
  expect(await revealed(back, credential.id)).toBe(200);
  await t.app.get(Sequencer).sealNow();
  const list = await t.http('GET', '/api/clients?limit=3', { token: back });
  expect((list.body.items as unknown as { name: string }[]).map(one => one.name)).toEqual([
    'CANARY back',
    'CANARY ahead',
    'CANARY before',
  ]);

  // What it said then stays said, and is told of as what a wrong clock does.
  const { body } = await t.http('POST', '/api/audit/verify', {
    token: back,
  });
  expect([body.ok, [...new Set((body.warnings as { kind: string }[]).map(one => one.kind))]]).toEqual([
    true,
    ['future'],
  ]);
});
