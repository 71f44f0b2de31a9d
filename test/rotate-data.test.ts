import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { KeyRing } from '../src/core/crypto/key-ring.js';
import type { Keystore } from '../src/core/crypto/keystore/keystore.js';
import type { KeyScope } from '../src/core/crypto/rotation/key-scope.js';
import { type DataRotation, rotateData } from '../src/core/crypto/rotation/rotate-data.js';
import { allSealedPlaces, keyIdOf, openEvery } from '../src/core/crypto/sealed-places.js';
import { Opener } from '../src/core/crypto/opener.js';
import { Sealer } from '../src/core/crypto/sealer.js';
import { Units } from '../src/core/database/units.js';
import { startApp, type TestApp } from './app.js';
import { environmentBeside, runCommand } from './harness/command.js';
import { runInside } from './harness/command-inside.js';
import { query } from './harness/query.js';

jest.setTimeout(180_000);

let t: TestApp;
let client: string;
const secrets = new Map<string, string>();
const inKeystore = <T = Record<string, unknown>>(text: string, values: (string | number)[] = []) =>
  query<T>(t.opened.settings.KEYSTORE_DATABASE_URL.reveal(), text, values);
const command = (...args: string[]) => runCommand(environmentBeside(t), ['admin', 'keys', ...args]);

async function makeCredential(given: Record<string, unknown>): Promise<string> {
  const password = `CANARY ${randomUUID()}`;
  const body = { credential_type: 'password', service_name: 'NAS', password, ...given };
  const answer = await t.http('POST', '/api/credentials', {
    body,
    headers: { 'idempotency-key': randomUUID() },
  });
  expect(answer.status).toBe(201);
  secrets.set(answer.body.id, password);
  return answer.body.id;
}

beforeAll(async () => {
  t = await startApp();
  client = await t.client();
  const ids = [
    await makeCredential({ client_id: client }),
    await makeCredential({ visibility: 'pool' }),
    await makeCredential({ visibility: 'private' }),
  ];
  for (const id of ids) {
    const value = `CANARY new ${id}`;
    await t.http('POST', `/api/credentials/${id}/rotate`, { body: { value } });
    secrets.set(id, value);
  }
  const user = await t.user();
  await t.http('POST', '/api/auth/totp/enroll', {
    token: user.token,
    body: { password: user.password },
  });
});
afterAll(() => t.close());

const tools = (keystore: Keystore = t.opened.keystore, units = t.app.get(Units)) => {
  // A process of its own: its keys are not those that the application holds.
  const ring = new KeyRing(keystore, t.opened.masterKeys);
  return { keystore, ring, sealer: new Sealer(ring), units };
};
const rotate = (scope: KeyScope, settle_ms = 0, with_ = tools()): Promise<DataRotation> =>
  rotateData(with_, scope, {}, settle_ms);

interface Value {
  place: string;
  key: string | undefined;
}
async function values(): Promise<Value[]> {
  const found: Value[] = [];
  for (const { table, column } of allSealedPlaces())
    for (const row of await t.sql<{ sealed: string }>(
      `SELECT ${column} AS sealed FROM ${table} WHERE ${column} IS NOT NULL`,
    ))
      found.push({ place: table, key: keyIdOf(String(row.sealed)) });
  return found;
}

interface Key {
  id: string;
  owner_kind: string;
  owner_id: string;
  state: string;
  version: number;
}
const keys = () =>
  inKeystore<Key>(
    'SELECT id, owner_kind, owner_id, state, version FROM data_keys ORDER BY owner_kind, owner_id, version',
  );

/** Whatever was sealed opens, and the credentials hold what was put into them. */
async function expectAllOpen(): Promise<void> {
  const ring = new KeyRing(t.opened.keystore, t.opened.masterKeys);
  for (const place of allSealedPlaces()) {
    const { unopened } = await openEvery(t.opened.database.connections.reader, new Opener(ring), place);
    expect(unopened).toEqual([]);
  }
  for (const [id, password] of secrets)
    expect((await t.http('GET', `/api/credentials/${id}`)).body.password).toBe(password);
}

/** Each owner of the scope has one key that seals, and nothing is under another. */
async function expectRotated(isIn: (key: Key) => boolean): Promise<void> {
  const all = await keys();
  const earlier = new Set(all.filter(key => key.state !== 'active' && isIn(key)).map(key => key.id));
  expect(earlier.size).toBeGreaterThan(0);
  expect((await values()).filter(one => earlier.has(one.key ?? ''))).toEqual([]);
  expect(all.filter(one => one.state === 'destroyed')).toEqual([]);
  const owners = all.filter(one => one.state === 'active').map(one => `${one.owner_kind}:${one.owner_id}`);
  expect(new Set(owners).size).toBe(owners.length);
}

test('one owner gets another key, and all of its values; nobody else does', async () => {
  const before = await keys();
  const result = await rotate({ kind: 'client', id: client });
  expect(result).toEqual({ owners: 1, resealed: 2, failed: [] });
  const isMine = (key: Key) => key.owner_kind === 'client';
  await expectRotated(isMine);
  expect((await keys()).filter(key => !isMine(key))).toEqual(before.filter(key => !isMine(key)));
  await expectAllOpen();
});

class Killed extends Error {}

test('cut off before any of its writes, everything opens, and the next run finishes it', async () => {
  let died = 0;
  for (let n = 0; ; n++) {
    let left = n;
    const dyingOn = <T extends object>(target: T, ...names: (keyof T)[]) => {
      const dying = Object.create(target) as T;
      for (const name of names) {
        const method = (target[name] as (...args: unknown[]) => Promise<unknown>).bind(target);
        dying[name] = ((...args: unknown[]) =>
          left-- > 0 ? method(...args) : Promise.reject(new Killed())) as T[keyof T];
      }
      return dying;
    };
    const keystore = dyingOn(t.opened.keystore, 'insertOnce', 'change', 'transact');
    const cut = rotate('all', 0, tools(keystore, dyingOn(t.app.get(Units), 'run')));
    const isCut = await cut.then(
      () => false,
      (error: unknown) => error instanceof Killed,
    );
    await expectAllOpen();
    if (!isCut) break;
    died++;
    const versions = (await keys()).filter(key => key.state === 'active').map(key => key.version);
    await rotate('all');
    await expectRotated(key => key.owner_kind !== 'system');
    await expectAllOpen();
    // Who had a new key before the cut got no other.
    const after = (await keys()).filter(key => key.state === 'active');
    expect(after.reduce((sum, key) => sum + key.version, 0)).toBeLessThanOrEqual(
      versions.reduce((sum, version) => sum + version, 0) + after.length,
    );
  }
  // Begun, five keys, three tables, ended.
  expect(died).toBe(10);
  expect(await inKeystore("SELECT name FROM keystore_facts WHERE name LIKE 'rotate%'")).toEqual([]);
});

test('a value that does not open is named, stays, and keeps no other', async () => {
  const id = await makeCredential({ client_id: client });
  secrets.delete(id);
  const [row] = await t.sql<{ id: string; sealed: string }>(
    'SELECT id, sealed FROM credential_secrets WHERE credential_id = ?',
    [id],
  );
  const altered = `${row!.sealed.slice(0, -8)}AAAAAAA${row!.sealed.endsWith('A') ? 'Q' : 'A'}`;
  await t.change('UPDATE credential_secrets SET sealed = ? WHERE id = ?', [altered, row!.id]);
  const { failed, resealed } = await rotate('all');
  expect(failed).toEqual([`credential_secrets ${row!.id}`]);
  expect(resealed).toBeGreaterThan(5);
  expect(await t.sql('SELECT sealed FROM credential_secrets WHERE id = ?', [row!.id])).toEqual([
    { sealed: altered },
  ]);
  await t.change('DELETE FROM credential_secrets WHERE id = ?', [row!.id]);
});

test('by command beside a server that writes all the while: nothing is under an earlier key, nothing is lost', async () => {
  let stopped = false;
  const writing = (async () => {
    while (!stopped) {
      const id = await makeCredential({ client_id: client });
      await t.http('PATCH', `/api/credentials/${id}`, {
        body: { notes: 'CANARY moved', visibility: 'team' },
      });
      await sleep(50);
    }
  })();
  const before = await keys();
  // Killed as soon as it has begun; the next one finishes what it began.
  const killed = command('rotate-data', '--all');
  let pid: number | undefined;
  void killed.then(() => (pid ??= 0));
  const begun = `SELECT pid FROM processes, keystore_facts WHERE name = 'rotate-data:all' AND pid <> ${process.pid}`;
  for (; pid === undefined; await sleep(10)) pid = (await inKeystore<{ pid: number }>(begun))[0]?.pid;
  process.kill(pid, 'SIGKILL');
  expect((await killed).code).toBeNull();
  const ran = await command('rotate-data', '--all', '--json');
  stopped = true;
  await writing;
  expect(ran).toMatchObject({ code: 0 });
  const { owners, resealed, failed } = ran.json<DataRotation>();
  expect(failed).toEqual([]);
  // The one that was killed may have renewed some of them.
  const sealing = before.filter(one => one.state === 'active' && one.owner_kind !== 'system').length + 1;
  expect(owners).toBeLessThanOrEqual(sealing);
  const renewed = (await keys()).filter(
    one => one.state === 'active' && !before.some(old => old.id === one.id),
  );
  expect(renewed).toHaveLength(sealing);
  expect(resealed).toBeGreaterThan(0);
  await expectRotated(key => key.owner_kind !== 'system');
  await expectAllOpen();
  const entries = await t.sql<{ action: string; total: number }>(
    "SELECT action, COUNT(*) AS total FROM journal WHERE action LIKE 'keys.%' GROUP BY action ORDER BY action",
  );
  expect(entries.map(one => one.action)).toEqual(expect.arrayContaining(['keys.reseal', 'keys.rotate_data']));
});

test.each([
  [[], 2, 'Whose keys?'],
  [['--all', '--owner', 'pool'], 2, 'Whose keys?'],
  [['--owner', 'client:x'], 2, '--owner takes'],
  [['--owner', 'system:audit-mac'], 2, '--owner takes'],
  [['--owner', `user:${randomUUID()}`], 3, 'There is no key of user:'],
])('rotate-data %j ends with exit code %i', async (args, code, words) => {
  const ran = await runInside(environmentBeside(t), ['admin', 'keys', 'rotate-data', ...args]);
  expect(ran).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(words) });
});
