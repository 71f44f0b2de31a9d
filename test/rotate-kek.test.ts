import { randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keystoreMigrations } from '../migrations/keystore/index.js';
import { loadSettings } from '../src/core/config/load-settings.js';
import { KeyRing } from '../src/core/crypto/key-ring.js';
import type { Keystore } from '../src/core/crypto/keystore/keystore.js';
import { type OpenedKeystore, openKeystore } from '../src/core/crypto/keystore/open-keystore.js';
import { wrappingKekId } from '../src/core/crypto/keystore/sentinel.js';
import { rotateKek } from '../src/core/crypto/rotation/rotate-kek.js';
import type { KeyRef } from '../src/formats/sealed-value.js';
import { freshDatabase, type FreshDatabase } from './harness/database.js';
import { type Ran, runCommand } from './harness/command.js';
import { query } from './harness/query.js';
import { call, environmentOf, logIn, type Server, startServer } from './harness/server.js';

jest.setTimeout(180_000);

const newKey = () => randomBytes(32).toString('base64url');

let fresh: FreshDatabase;
let opened: OpenedKeystore[];
beforeEach(async () => {
  fresh = await freshDatabase();
  opened = [];
});
afterEach(async () => {
  for (const { presence, keystore } of opened) {
    await presence.end();
    await keystore.close();
  }
  await fresh.drop();
});

const inKeystore = <T = Record<string, unknown>>(text: string, values: (string | number)[] = []) =>
  query<T>(fresh.keystoreUrl, text, values);

async function open(keys: Record<string, string>): Promise<OpenedKeystore> {
  const { settings } = loadSettings(
    {
      OPSKEEP_DATA: fresh.data,
      DATABASE_URL: fresh.url,
      KEYSTORE_DATABASE_URL: fresh.keystoreUrl,
      ...keys,
    },
    fresh.data,
  );
  const one = await openKeystore(settings, keystoreMigrations);
  opened.push(one);
  return one;
}

const bytesOf = (ring: KeyRing, { id, version }: KeyRef) => ring.use(id, version, key => key.toString('hex'));
const ringOf = ({ keystore, masterKeys }: OpenedKeystore) => new KeyRing(keystore, masterKeys);

/** Makes keys of so many users; answers with what each holds. */
async function makeKeys(ring: KeyRing, count: number): Promise<[KeyRef, string][]> {
  const made: [KeyRef, string][] = [];
  for (let n = 0; n < count; n++) {
    const ref = await ring.activeKey({ kind: 'user', id: `user-${n}` });
    made.push([ref, await bytesOf(ring, ref)]);
  }
  return made;
}

class Killed extends Error {}

/** The keystore of a process that ends before its nth write. */
function dyingAt(keystore: Keystore, writes: number): Keystore {
  let left = writes;
  const dying = Object.create(keystore) as Keystore;
  const write = <A extends unknown[], T>(method: (...args: A) => Promise<T>) =>
    ((...args: A) =>
      left-- > 0 ? method.apply(keystore, args) : Promise.reject(new Killed())) as typeof method;
  dying.change = write(keystore.change.bind(keystore));
  dying.transact = write(keystore.transact.bind(keystore)) as Keystore['transact'];
  return dying;
}

test('cut off before any of its writes, every key opens, and the next rotation finishes it', async () => {
  const keys = [newKey(), newKey()];
  const both = (n: number) => ({
    API_KEY_MASTER_KEY: keys[n % 2]!,
    API_KEY_MASTER_KEY_NEXT: keys[(n + 1) % 2]!,
  });
  const made = await makeKeys(ringOf(await open(both(0))), 230);
  let died = 0;
  for (let n = 0; ; n++) {
    const one = await open(both(n));
    const { target } = one.masterKeys;
    const cut = rotateKek(dyingAt(one.keystore, n), one.masterKeys, one.presence, 1_000);
    const isCut = await cut.then(
      () => false,
      (error: unknown) => error instanceof Killed,
    );
    died += isCut ? 1 : 0;
    const ring = ringOf(one);
    for (const [ref, bytes] of made) expect(await bytesOf(ring, ref)).toBe(bytes);
    // What is made between the two is wrapped by one of them, and comes along.
    const between = await ring.activeKey({ kind: 'client', id: `client-${n}` });
    const { rewrapped, failed, to } = await rotateKek(one.keystore, one.masterKeys, one.presence, 1_000);
    expect([failed, to]).toEqual([[], target.id]);
    expect(rewrapped > 0).toBe(isCut);
    expect((await ringOf(one).status()).every(line => line.kek_id === target.id)).toBe(true);
    expect(await wrappingKekId(one.keystore)).toBe(target.id);
    expect(await rotateKek(one.keystore, one.masterKeys, one.presence, 1_000)).toMatchObject({
      rewrapped: 0,
    });
    const alone = ringOf(await open({ API_KEY_MASTER_KEY: keys[(n + 1) % 2]! }));
    for (const [ref, bytes] of [made[0]!, made[229]!]) expect(await bytesOf(alone, ref)).toBe(bytes);
    expect(await bytesOf(alone, between)).toMatch(/^[0-9a-f]{64}$/);
    // The next round leads back, and what held one key alone is gone by then.
    for (const { presence, keystore } of opened.splice(0)) {
      await presence.end();
      await keystore.close();
    }
    if (!isCut) break;
  }
  // The sentinel, and three batches.
  expect(died).toBe(4);
});

test('nothing is re-wrapped while a process lacks the new key; one that is silent counts as gone', async () => {
  const [old, next] = [newKey(), newKey()];
  const server = await open({ API_KEY_MASTER_KEY: old });
  await makeKeys(ringOf(server), 3);
  const rotating = await open({ API_KEY_MASTER_KEY: old, API_KEY_MASTER_KEY_NEXT: next });
  const told: number[] = [];
  const rotate = () =>
    rotateKek(rotating.keystore, rotating.masterKeys, rotating.presence, 0, {
      waitingFor: processes => told.push(processes.length),
    });
  await expect(rotate()).rejects.toMatchObject({
    name: 'NotEverywhereError',
    message: expect.stringMatching(new RegExp(`process ${process.pid} on .*${server.masterKeys.current.id}`)),
  });
  expect(told).toEqual([1]);
  expect(await wrappingKekId(server.keystore)).toBe(server.masterKeys.current.id);
  await inKeystore("UPDATE processes SET seen_at = '2020-01-01 00:00:00.000' WHERE kek_ids = ?", [
    server.masterKeys.current.id,
  ]);
  expect(await rotate()).toMatchObject({ rewrapped: 3, failed: [] });
});

test('keys that are made while it rotates are wrapped by the new key in the end, and all open', async () => {
  const [old, next] = [newKey(), newKey()];
  const both = { API_KEY_MASTER_KEY: old, API_KEY_MASTER_KEY_NEXT: next };
  const [server, rotating] = [await open(both), await open(both)];
  const ring = ringOf(server);
  const rotation = rotateKek(rotating.keystore, rotating.masterKeys, rotating.presence, 1_000);
  const refs = await Promise.all(
    Array.from({ length: 150 }, (_, n) => ring.activeKey({ kind: 'user', id: `made-${n}` })),
  );
  expect((await rotation).failed).toEqual([]);
  const kekIds = await inKeystore<{ kek_id: string }>('SELECT DISTINCT kek_id FROM data_keys');
  expect(kekIds).toEqual([{ kek_id: rotating.masterKeys.target.id }]);
  const alone = ringOf(await open({ API_KEY_MASTER_KEY: next }));
  for (const ref of refs) expect(await bytesOf(alone, ref)).toMatch(/^[0-9a-f]{64}$/);
});

test('a key that was altered stays as it is, is named, and keeps no other', async () => {
  const [old, next] = [newKey(), newKey()];
  const one = await open({ API_KEY_MASTER_KEY: old, API_KEY_MASTER_KEY_NEXT: next });
  const [first, second] = await makeKeys(ringOf(one), 2);
  await inKeystore("UPDATE data_keys SET wrapped = CONCAT('A', SUBSTR(wrapped, 2)) WHERE id = ?", [
    first![0].id,
  ]);
  await inKeystore("UPDATE data_keys SET wrapped = CONCAT('B', SUBSTR(wrapped, 2)) WHERE id = ?", [
    first![0].id,
  ]);
  const before = await inKeystore('SELECT wrapped FROM data_keys WHERE id = ?', [first![0].id]);
  const done = await rotateKek(one.keystore, one.masterKeys, one.presence, 0);
  expect(done).toMatchObject({ rewrapped: 1, failed: [first![0].id] });
  expect(await inKeystore('SELECT wrapped FROM data_keys WHERE id = ?', [first![0].id])).toEqual(before);
  expect(await bytesOf(ringOf(one), second![0])).toBe(second![1]);
});

/** What a client of the server sees while keys are rotated: every answer's status. */
async function load(server: Server, token: string, stop: () => boolean): Promise<Set<number>> {
  const statuses = new Set<number>();
  const send = async (method: string, path: string, body?: object) => {
    const answer = await call(server, method, path, { token, body });
    statuses.add(answer.status);
    return answer.body;
  };
  while (!stop()) {
    const client = await send('POST', '/api/clients', { name: `CANARY ${newKey()}` });
    const body = {
      client_id: client.id,
      credential_type: 'password',
      service_name: 'NAS',
      password: `CANARY ${newKey()}`,
    };
    const { id } = await send('POST', '/api/credentials', body);
    expect((await send('GET', `/api/credentials/${id}`)).password).toBe(body.password);
    await sleep(20);
  }
  return statuses;
}

test('a server goes on under load; its key file is read again; the command may be killed meanwhile', async () => {
  const [old, next] = [newKey(), newKey()];
  const file = join(fresh.data, 'keys.txt');
  const writeKeys = (...keys: string[]) => {
    writeFileSync(`${file}.new`, `${keys.join('\n')}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  writeKeys(old);
  const environment = { ...environmentOf(fresh), API_KEY_MASTER_KEY_FILE: file, LOG_LEVEL: 'warn' };
  const server = await startServer(environment);
  let stopped = false;
  try {
    const token = await logIn(server);
    const loads = [1, 2].map(() => load(server, token, () => stopped));
    writeKeys(next, old);
    // Killed as soon as it asks for the new key; what it wanted dies with it.
    const killed = runCommand(environment, ['admin', 'keys', 'rotate-kek']);
    const wanting = () =>
      inKeystore<{ pid: number }>('SELECT pid FROM processes WHERE wanted_kek_id IS NOT NULL');
    let pid: number | undefined;
    void killed.then(() => (pid ??= 0));
    for (; pid === undefined; await sleep(10)) pid = (await wanting())[0]?.pid;
    process.kill(pid, 'SIGKILL');
    expect((await killed).code).toBeNull();
    const rotate = (): Promise<Ran> => runCommand(environment, ['admin', 'keys', 'rotate-kek', '--json']);
    const ran = await rotate();
    expect(ran).toMatchObject({ code: 0 });
    const { from, to, rewrapped } = ran.json<{ from: string; to: string; rewrapped: number }>();
    expect(rewrapped).toBeGreaterThan(2);
    const made = await inKeystore('SELECT id FROM data_keys');
    while ((await inKeystore('SELECT id FROM data_keys')).length < made.length + 3) await sleep(20);
    stopped = true;
    for (const statuses of await Promise.all(loads)) expect([...statuses].sort()).toEqual([200, 201]);
    expect(await inKeystore('SELECT DISTINCT kek_id FROM data_keys')).toEqual([{ kek_id: to }]);
    writeKeys(next);
    expect((await rotate()).json()).toMatchObject({ from: to, to, rewrapped: 0 });
    const doctor = await runCommand(environment, ['admin', 'doctor']);
    expect(doctor).toMatchObject({ code: 0, stdout: expect.stringContaining(`The master key is ${to}`) });
    const [entry] = await query<{ details: string }>(
      fresh.url,
      "SELECT details FROM journal WHERE action = 'keys.rotate_kek'",
    );
    expect(entry?.details).toContain(from);
    for (const key of [old, next]) expect(server.output() + ran.stderr + ran.stdout).not.toContain(key);
  } finally {
    stopped = true;
    await server.kill();
  }
});
