import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { HostsFile } from '../src/operations/webhooks/destination/hosts-file.js';
import { Names } from '../src/operations/webhooks/destination/names.service.js';
import { startApp, type TestApp } from './app.js';
import { type NameServer, startNameServer } from './harness/name-server.js';
import { hookBed } from './harness/webhooks.js';

const GOOD = 'hooks.msp.example';
let t: TestApp;
let names: NameServer;
const hooks = hookBed(() => t);
const { pass, make, deliveries, events } = hooks;
const at = (host: string) => hooks.receiver.url.replace('127.0.0.1', host);

beforeAll(async () => {
  t = await startApp({ settings: { WEBHOOK_ALLOW_PRIVATE: '127.0.0.1' } });
  names = await startNameServer();
  Object.assign(t.app.get(Names), { servers: [names.address], patience: 1_000 });
});
beforeEach(async () => {
  names.names = new Map([[GOOD, ['127.0.0.1']]]);
  names.asked.length = 0;
  await hooks.begin();
});
afterEach(() => hooks.end());
afterAll(async () => {
  await t.close();
  await names.close();
});

async function lastOf(id: string) {
  await pass();
  const [last] = await deliveries(id);
  return last;
}

test('a name server that never answers delays nobody but whose webhooks lead there', async () => {
  const [hostile, other] = [await t.user(), await t.user()];
  const silent = [];
  for (let n = 0; n < 8; n++) silent.push(await make({ url: at(`n${n}.silent.example`) }, hostile));
  await t.make('sites');
  const passing = pass();
  while (new Set(names.asked).size < 4) await nextTurn();
  const { id } = await make({ url: at(GOOD) }, other);
  await t.make('sites');
  const others = pass();
  // Delivered while the look-ups before it are under way, not after them.
  await hooks.receiver.until(1);
  for (const one of silent)
    expect((await deliveries(one.id)).at(-1)).toMatchObject({ status: 'pending', attempts: 0 });
  expect(new Set(names.asked).size).toBe(5);
  await Promise.all([passing, others]);
  expect((await deliveries(id))[0]).toMatchObject({ status: 'delivered', attempts: 1 });
  const errors = await Promise.all(silent.map(async one => (await deliveries(one.id)).at(-1)?.failure));
  expect(new Set(errors)).toEqual(new Set(['its name could not be looked up in time']));
});

test('all addresses of an answer are looked at, and only those that were are gone to', async () => {
  const { id } = await make({ url: at(GOOD) });
  await t.make('sites');
  names.names.set(GOOD, ['127.0.0.1', '10.0.0.9']);
  expect(await lastOf(id)).toMatchObject({
    status: 'pending',
    failure: 'its name leads to an address that is not public',
  });
  names.names.set(GOOD, ['127.0.0.1']);
  await hooks.later();
  expect(await lastOf(id)).toMatchObject({ status: 'delivered' });
  expect(events()).toHaveLength(1);
});

test('a name that does not exist is said to be not known', async () => {
  names.names.set('gone.msp.example', []);
  const { id } = await make({ url: at('gone.msp.example') });
  await t.make('sites');
  expect(await lastOf(id)).toMatchObject({ failure: 'its name is not known' });
});

test('names of this machine are asked of no name server, as the hosts file has them', async () => {
  const found = await t.app.get(Names).find('anybody', 'LOCALHOST.');
  expect(found).toContainEqual({ address: '127.0.0.1', family: 4 });
  expect(await t.app.get(Names).find('anybody', 'any.localhost')).toHaveLength(2);
  expect(names.asked).toEqual([]);

  const folder = mkdtempSync(join(tmpdir(), 'opskeep-hosts-'));
  const path = join(folder, 'hosts');
  const file = new HostsFile(path);
  expect(await file.find('nas')).toEqual([]);
  writeFileSync(path, '# nas\n10.0.0.9\tNAS nas.msp.example # 10.0.0.8 nas\nfd00::9 nas\nno-address nas\n\n');
  expect(await file.find('nas')).toEqual([
    { address: '10.0.0.9', family: 4 },
    { address: 'fd00::9', family: 6 },
  ]);
  expect(await file.find('#')).toEqual([]);
  writeFileSync(path, '10.0.0.7 nas\n');
  utimesSync(path, 1, 1);
  expect(await file.find('nas')).toEqual([{ address: '10.0.0.7', family: 4 }]);
  rmSync(folder, { recursive: true });
});
