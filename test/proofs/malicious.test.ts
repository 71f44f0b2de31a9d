import { KeyRing } from '../../src/core/crypto/key-ring.js';
import { encrypt } from '../../src/formats/v2.js';
import { type Answer, startApp, type TestApp, type TestUser } from '../app.js';
import { environmentBeside } from '../harness/command.js';
import { runInside } from '../harness/command-inside.js';
import { query } from '../harness/query.js';

jest.setTimeout(240_000);

/** Somebody writes in both databases; entries of the trail are attacked by test/trail/attacks and test/audit-verify. */
let t: TestApp;
/** Of two clients, and of two users alone. */
let mine: string;
let theirs: string;
let user: TestUser;
let other: TestUser;

interface Stored {
  id: string;
  credential_id: string;
  field: string;
  version: number;
  sealed: string;
}

beforeAll(async () => {
  t = await startApp({ settings: { MASS_REVEAL_LIMIT: '0', REFUSED_REVEAL_LIMIT: '0' } });
  [mine, theirs] = [(await t.make('clients')).id, (await t.make('clients')).id];
  [user, other] = [await t.user({ client_access: 'only', client_ids: [mine] }), await t.user()];
});
afterAll(() => t.close());

const REASON = { reason: 'The malicious database' };
const inKeystore = (text: string, values: string[] = []) =>
  query<{ id: string; wrapped: string }>(t.opened.settings.KEYSTORE_DATABASE_URL.reveal(), text, values);

/** A credential with two versions of a password and a seed; answers with its stored secrets, the newest first. */
async function stored(token: string, given: object): Promise<Stored[]> {
  const body = {
    credential_type: 'password',
    service_name: 'Mail',
    password: 'CANARY-first',
    totp_secret: 'JBSWY3DPEHPK3PXP',
    ...given,
  };
  const { body: made, status, text } = await t.http('POST', '/api/credentials', { token, body });
  if (status !== 201) throw new Error(text);
  await t.http('PATCH', `/api/credentials/${made.id}`, { token, body: { password: `CANARY-of ${made.id}` } });
  return t.sql<Stored>(
    'SELECT id, credential_id, field, version, sealed FROM credential_secrets WHERE credential_id = ? ORDER BY version DESC, field',
    [made.id],
  );
}
const set = (one: Stored, values: Partial<Stored>) =>
  t.change(
    `UPDATE credential_secrets SET ${Object.keys(values)
      .map(name => `${name} = ?`)
      .join(', ')} WHERE id = ?`,
    [...Object.values(values), one.id],
  );
const of = (rows: Stored[], field = 'password') => {
  const found = rows.find(one => one.field === field);
  if (!found) throw new Error(`There is no ${field}`);
  return found;
};

type Harm = (a: Stored[], b: Stored[]) => Promise<unknown>;
/** What is done to the rows of the first credential (with those of another), so that nothing of it may open. */
const HARMS: [string, Harm][] = [
  ['the value of another credential', (a, b) => set(of(a), { sealed: of(b).sealed })],
  ['an earlier value of its own', a => set(of(a), { sealed: a.filter(one => one.field === 'password').at(-1)!.sealed })],
  ['the seed in place of the password', a => set(of(a), { sealed: of(a, 'totp_secret').sealed })],
  ['one byte that was changed', a => set(of(a), { sealed: flipped(of(a).sealed) })],
  ['the name of another key', (a, b) => set(of(a), { sealed: renamed(of(a).sealed, of(b).sealed) })],
  ['a value of v2', a => set(of(a), { sealed: encrypt('CANARY-planted', Buffer.alloc(32, 7)) })],
  ['a token of Fernet', a => set(of(a), { sealed: `gAAAAAB${'m'.repeat(93)}` })],
  ['plaintext', a => set(of(a), { sealed: 'CANARY-planted' })],
  ['nothing', a => set(of(a), { sealed: '' })],
]; // prettier-ignore

function flipped(sealed: string): string {
  const at = sealed.length - 10;
  return `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
}
const renamed = (sealed: string, other: string) =>
  [...other.split('.').slice(0, 3), sealed.split('.')[3]].join('.');

/** Neither opens anything that was not stored there, and the attempt stands on the trail. */
async function expectClosed(id: string, token: string): Promise<void> {
  const answers: Answer[] = [
    await t.http('POST', `/api/credentials/${id}/reveal`, { token, body: REASON }),
    await t.http('GET', `/api/credentials/${id}`, { token }),
  ];
  for (const { status, text } of answers) expect([status, text.includes('CANARY')]).toEqual([500, false]);
  const entries = await t.sql(
    "SELECT n FROM journal WHERE resource_id = ? AND action = 'credential.decrypt' AND outcome = 'failed'",
    [id],
  );
  expect(entries.length).toBeGreaterThanOrEqual(1);
}

test.each(HARMS)('with %s nothing opens', async (_, harm) => {
  const a = await stored(t.admin.token, { client_id: mine });
  const b = await stored(t.admin.token, { client_id: theirs });
  const before = await t.sql<Stored>('SELECT * FROM credential_secrets');
  await harm(a, b);
  await expectClosed(of(a).credential_id, t.admin.token);
  for (const one of before) await set(one, { sealed: one.sealed });
});

test('a row of secrets that was given to a credential of one’s own does not open there', async () => {
  const a = await stored(user.token, { client_id: mine });
  const b = await stored(t.admin.token, { client_id: theirs });
  await t.change('DELETE FROM credential_secrets WHERE id = ?', [of(a).id]);
  await set(of(b), { credential_id: of(a).credential_id });
  await expectClosed(of(a).credential_id, user.token);
  await t.change('DELETE FROM credential_secrets WHERE credential_id IN (?, ?)', [
    of(a).credential_id,
    of(b).credential_id,
  ]);
});

test('a credential that a row gives to another client, user or the pool does not open for them', async () => {
  const b = of(await stored(t.admin.token, { client_id: theirs })).credential_id;
  await t.change('UPDATE credentials SET client_id = ?, owner_id = ? WHERE id = ?', [mine, user.id, b]);
  await expectClosed(b, user.token);
  const own = of(await stored(other.token, {})).credential_id;
  await t.change('UPDATE credentials SET owner_id = ? WHERE id = ?', [user.id, own]);
  await expectClosed(own, user.token);
  await t.change("UPDATE credentials SET visibility = 'pool' WHERE id = ?", [own]);
  await expectClosed(own, t.admin.token);
});

test('wrapped keys that were exchanged between clients and users, or given to others, unwrap no more', async () => {
  const rows = [
    ...(await stored(t.admin.token, { client_id: mine })),
    ...(await stored(t.admin.token, { client_id: theirs })),
    ...(await stored(user.token, {})),
    ...(await stored(other.token, {})),
  ].filter(one => one.field === 'password');
  const keys = await inKeystore("SELECT id, wrapped FROM data_keys WHERE owner_kind IN ('client', 'user')");
  const of = (owner: string) => inKeystore('SELECT id, wrapped FROM data_keys WHERE owner_id = ?', [owner]);
  const exchange = async (one: string, two: string) => {
    const [[a], [b]] = [await of(one), await of(two)];
    await inKeystore('UPDATE data_keys SET wrapped = ? WHERE id = ?', [b!.wrapped, a!.id]);
    await inKeystore('UPDATE data_keys SET wrapped = ? WHERE id = ?', [a!.wrapped, b!.id]);
  };
  await exchange(mine, theirs);
  await exchange(user.id, other.id);
  t.app.get(KeyRing).clear();
  for (const { credential_id } of rows) {
    const { status, text } = await t.http('POST', `/api/credentials/${credential_id}/reveal`, {
      body: REASON,
    });
    expect([status === 500 || status === 403, text.includes('CANARY')]).toEqual([true, false]);
  }
  await expectClosed(rows.at(-1)!.credential_id, other.token);
  const { stdout, code } = await runInside(environmentBeside(t), ['admin', 'doctor']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/4 .*(keys|key)/);
  for (const { id, wrapped } of keys)
    await inKeystore('UPDATE data_keys SET wrapped = ? WHERE id = ?', [wrapped, id]);
  t.app.get(KeyRing).clear();
});
