import { type Body, startApp, type TestApp } from './app.js';
import { whileTaken } from './harness/while-taken.js';

let t: TestApp;
let client_id: string;
let draft: string;
beforeAll(async () => {
  t = await startApp();
  client_id = await t.client();
  draft = (await t.make('billable-time', { client_id })).id;
});
afterAll(() => t.close());

const OUTLIVES = /access-tokens|users/;
const isMariadb = () => t.opened.database.connections.dialect === 'mariadb';
const DISABLE = 'UPDATE users SET is_active = 0 WHERE id = ?';
const expires_at = () => new Date(Date.now() + 300 * 86_400_000).toISOString();
const many = () => ({ items: [1, 2, 3].map(n => ({ name: `Made too late ${n}` })) });

/** What is asked for by a user who is disabled while it waits for its turn to write. */
const LATE: [string, string, () => Body][] = [
  ['an access token', '/api/access-tokens', () => ({ name: 'Late', scopes: ['msp:read'], expires_at: expires_at() })],
  ['an administrator', '/api/users', () => ({ email: 'late@canary.test', name: 'Late', password: 'CANARY long enough 9', scopes: ['msp:admin'] })],
  ['a row', '/api/clients', () => ({ name: 'Late' })],
  ['many rows', '/api/clients/bulk', many],
  ['a step of many', '/api/billable-time/submit', () => ({ ids: [draft] })],
  ['all rows or none', '/api/clients/bulk', () => ({ ...many(), atomic: true })],
]; // prettier-ignore

test.each(LATE)(
  '%s, asked for before its user was disabled and written after, is refused',
  async (_, path, body) => {
    const user = await t.user();
    const count = async () => t.sql(`SELECT COUNT(*) AS n FROM ${path.split('/')[2]?.replaceAll('-', '_')}`);
    const before = await count();
    const ask = () => t.http('POST', path, { token: user.token, body: body() });
    const answer = await whileTaken(t, DISABLE, [user.id], ask);
    // On MariaDB what would not outlive the user waits for nobody, and has ended before the user is disabled.
    if (isMariadb() && !OUTLIVES.test(path)) return;
    expect([answer.status, answer.body.code]).toEqual([401, 'authentication']);
    expect(await count()).toEqual(before);
  },
);

test('a change is decided by the rights that an access token has when it is written', async () => {
  const user = await t.user();
  const body = { name: 'Writer', scopes: ['msp:read', 'msp:write'], expires_at: expires_at() };
  const { token } = (await t.http('POST', '/api/access-tokens', { token: user.token, body })).body;
  const site = { client_id, name: 'Hidden by now' };
  const narrow = `UPDATE users SET client_access = 'only', client_ids = '[]' WHERE id = ?`;
  const answer = await whileTaken(t, narrow, [user.id], () =>
    t.http('POST', '/api/sites', { token: String(token), body: site }),
  );
  if (isMariadb()) return;
  expect([answer.status, answer.body.details.field]).toEqual([422, 'client_id']);
  expect(await t.sql('SELECT id FROM sites WHERE name = ?', [site.name])).toEqual([]);
});

test('a secret that waits for its entry is not handed over to a user who is disabled meanwhile', async () => {
  const user = await t.user();
  const { id } = await t.make('credentials', {
    client_id,
    credential_type: 'password',
    password: 'CANARY late',
  });
  // On MariaDB the entry waits for nobody.
  if (isMariadb()) return;
  const answer = await whileTaken(t, DISABLE, [user.id], () =>
    t.http('POST', `/api/credentials/${id}/reveal`, { token: user.token, body: { reason: 'Too late' } }),
  );
  expect([answer.status, answer.text.includes('CANARY')]).toEqual([401, false]);
  const trail = await t.sql(
    "SELECT outcome FROM journal WHERE resource_id = ? AND action = 'credential.reveal'",
    [id],
  );
  expect(trail).toEqual([{ outcome: 'ok' }]);
});
