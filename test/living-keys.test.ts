import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeyRing } from '../src/core/crypto/key-ring.js';
import { OpeningFailures } from '../src/core/crypto/opening-failures.js';
import { Plaintext } from '../src/core/crypto/plaintext.js';
import { Sealer } from '../src/core/crypto/sealer.js';
import { startApp, type TestApp } from './app.js';
import { environmentBeside, runCommand } from './harness/command.js';
import { runInside } from './harness/command-inside.js';
import { query } from './harness/query.js';

jest.setTimeout(120_000);

let t: TestApp;
const inKeystore = <T = Record<string, unknown>>(text: string, values: (string | number)[] = []) =>
  query<T>(t.opened.settings.KEYSTORE_DATABASE_URL.reveal(), text, values);
const command = (...args: string[]) => runInside(environmentBeside(t), ['admin', ...args]);
const keysOf = (owner_id: string) =>
  inKeystore<{ id: string; state: string; version: number; seals: number | null }>(
    'SELECT id, state, version, seals FROM data_keys WHERE owner_id = ? ORDER BY version',
    [owner_id],
  );

beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

test('seals are counted, and a key is renewed at a quarter of what it may seal', async () => {
  const client = await t.client();
  const owner = { kind: 'client', id: client } as const;
  const ring = t.app.get(KeyRing);
  const seal = () =>
    t.app
      .get(Sealer)
      .seal(owner, { table: 'x', row_id: randomUUID(), field: 'x', version: 1 }, Plaintext.of('CANARY'));
  for (let n = 0; n < 3; n++) await seal();
  await ring.tellSeals();
  expect(await keysOf(client)).toMatchObject([{ state: 'active', seals: 3 }]);
  await ring.tellSeals();
  await inKeystore('UPDATE data_keys SET seals = ? WHERE owner_id = ?', [2 ** 30 - 1, client]);
  await seal();
  await ring.tellSeals();
  expect(await keysOf(client)).toMatchObject([
    { version: 1, state: 'decrypt_only', seals: 2 ** 30 },
    { version: 2, state: 'active', seals: null },
  ]);
  ring.clear();
  expect((await ring.activeKey(owner)).version).toBe(2);
});

test('a keystore that is away loses no count', async () => {
  const client = (await t.make('clients')).id;
  const ring = new KeyRing(t.opened.keystore, t.opened.masterKeys);
  const { id } = await ring.activeKey({ kind: 'client', id: client });
  ring.noteSeal(id);
  const away = jest.spyOn(t.opened.keystore, 'transact').mockRejectedValue(new Error('away'));
  await ring.tellSeals();
  away.mockRestore();
  ring.noteSeal(id);
  await ring.tellSeals();
  expect(await keysOf(client)).toMatchObject([{ seals: 2 }]);
});

test('a seed that does not open is counted, an entry, and an incident; tried again it is no further one', async () => {
  const user = await t.user();
  const other = await t.user();
  for (const { token, password } of [user, other])
    await t.http('POST', '/api/auth/totp/enroll', { token, body: { password } });
  const [seed] = await t.sql<{ totp_sealed: string }>('SELECT totp_sealed FROM users WHERE id = ?', [
    other.id,
  ]);
  await t.change('UPDATE users SET totp_sealed = ? WHERE id = ?', [seed!.totp_sealed, user.id]);
  const before = t.app.get(OpeningFailures).counts.get('users') ?? 0;
  const confirm = () =>
    t.http('POST', '/api/auth/totp/confirm', { token: user.token, body: { otp: '123456' } });
  const answers = [await confirm(), await confirm()];
  expect(answers.map(one => [one.status, one.body.error])).toEqual([
    [500, 'The stored value could not be opened'],
    [500, 'The stored value could not be opened'],
  ]);
  expect(t.app.get(OpeningFailures).counts.get('users')).toBe(before + 2);
  const entries = await t.sql<{ outcome: string; actor_id: string; details: string }>(
    "SELECT outcome, actor_id, details FROM journal WHERE action = 'secret.decrypt' AND resource_id = ?",
    [user.id],
  );
  expect(entries).toMatchObject([{ outcome: 'failed', actor_id: user.id }]);
  expect(String(entries[0]!.details)).toContain('totp_sealed');
  const { items } = (await t.http('GET', '/api/security-incidents')).body;
  expect(items.filter(one => one.title === 'A sealed value of users does not open')).toHaveLength(1);
});

test('the migration is closed when all is v3 and opens, and not before; then nothing else comes in', async () => {
  const { id } = await t.make('credentials');
  const [row] = await t.sql<{ id: string; sealed: string }>(
    'SELECT id, sealed FROM credential_secrets WHERE credential_id = ?',
    [id],
  );
  const earlier = `v2:${Buffer.alloc(40, 7).toString('base64url')}`;
  await t.change('UPDATE credential_secrets SET sealed = ? WHERE id = ?', [earlier, row!.id]);
  const refused = await command('keys', 'finish-migration');
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain(`credential_secrets ${row!.id}: is not v3`);
  expect(refused.stdout).toMatch(/users [\w-]+: does not open/);
  expect(refused.stderr).toContain('Nothing was closed');
  expect(refused.stdout + refused.stderr).not.toContain(earlier);
  await t.change('UPDATE credential_secrets SET sealed = ? WHERE id = ?', [row!.sealed, row!.id]);
  await t.change('UPDATE users SET totp_sealed = NULL');
  const [closed, again] = [
    await runCommand(environmentBeside(t), ['admin', 'keys', 'finish-migration', '--json']),
    await command('keys', 'finish-migration', '--json'),
  ];
  expect([closed.code, again.code]).toEqual([0, 0]);
  const { finished_at } = closed.json();
  expect(again.json()).toMatchObject({ finished_at, left: [] });
  const actions = await t.sql("SELECT id FROM journal WHERE action = 'keys.finish_migration'");
  expect(actions).toHaveLength(1);
  const file = join(t.opened.settings.OPSKEEP_DATA, 'old.credentials');
  writeFileSync(file, 'gAAAAAB', { mode: 0o600 });
  writeFileSync(`${file}.key`, 'ab'.repeat(32), { mode: 0o600 });
  const late = await command('migrate-from', 'credentials-file', file, '--key-file', `${file}.key`);
  expect(late).toMatchObject({ code: 1, stdout: '' });
  expect(late.stderr).toContain(`The migration was closed at ${String(finished_at)}`);
});

test('the doctor unwraps every key, and tells what is unfinished, overused and under earlier keys', async () => {
  const client = await t.client();
  await t.make('credentials', { client_id: client });
  await inKeystore("UPDATE data_keys SET state = 'decrypt_only' WHERE owner_id = ?", [client]);
  const altered = (await t.make('clients')).id;
  const ring = t.app.get(KeyRing);
  await ring.activeKey({ kind: 'client', id: altered });
  await inKeystore('UPDATE data_keys SET seals = ? WHERE owner_id = ?', [2 ** 31, altered]);
  await inKeystore(
    "UPDATE data_keys SET wrapped = CONCAT('AAAAAAAA', SUBSTR(wrapped, 9)) WHERE owner_id = ?",
    [altered],
  );
  await inKeystore("INSERT INTO keystore_facts (name, value) VALUES ('rotate-data:pool', 'x')");
  const { code, stdout } = await runCommand(environmentBeside(t), ['admin', 'doctor', '--json']);
  expect(code).toBe(1);
  const { findings } = JSON.parse(stdout) as {
    findings: { level: string; what: string; mend?: string }[];
  };
  const [key] = await keysOf(altered);
  const found = (what: RegExp) => findings.find(one => what.test(one.what));
  expect(found(new RegExp(`1 key \\(${key!.id}\\) cannot be unwrapped`))?.level).toBe('fault');
  expect(found(new RegExp(`1 key \\(${key!.id}\\) sealed more than half`))?.level).toBe('warning');
  expect(found(/rotation of the data keys of pool was cut off/)?.mend).toContain('rotate-data --owner pool');
  expect(found(/credential_secrets\.sealed: \d+ of the values are sealed by earlier keys/)?.level).toBe(
    'warning',
  );
  expect(found(/migration from earlier systems is closed since/)?.level).toBe('ok');
});
