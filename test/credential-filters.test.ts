import { type Body, type Shown, startApp, type TestApp } from './app.js';

let t: TestApp;
const ids: Record<string, string> = {};
const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();

beforeAll(async () => {
  t = await startApp();
  const client_id = (await t.make('clients')).id;
  const make = async (what: string, given: Body = {}) =>
    (ids[what] = (await t.make('credentials', { client_id, service_name: what, ...given })).id);
  await make('quiet');
  await make('gone', { expires_at: inDays(-1) });
  await make('soon', { expires_at: inDays(10), totp_secret: 'JBSWY3DPEHPK3PXP' });
  await make('late', { expires_at: inDays(40), rotate_every_days: 90 });
  await make('due', { rotate_every_days: 30 });
  await make('notYet', { rotate_every_days: 30 });
  await make('demanded');
  await t.change('UPDATE credentials SET last_rotated_at = ? WHERE id = ?', [
    stored(inDays(-31)),
    ids.due ?? '',
  ]);
  await t.change('UPDATE credentials SET last_rotated_at = ? WHERE id = ?', [
    stored(inDays(-29)),
    ids.notYet ?? '',
  ]);
  const incident = await t.make('security-incidents', { client_id });
  await t.http('PUT', `/api/security-incidents/${incident.id}/credentials/${ids.demanded}`);
  await t.http('POST', `/api/security-incidents/${incident.id}/rotate-affected`);
});
afterAll(() => t.close());

const stored = (iso: string) => iso.slice(0, 23).replace('T', ' ');

async function found(query: Record<string, string>): Promise<string[]> {
  const { status, body } = await t.http('GET', '/api/credentials', { query: { limit: '1000', ...query } });
  expect([status, body]).toEqual([200, expect.anything()]);
  return (body.items as Shown[]).map(one => String(one.service_name)).sort();
}

const ALL = ['demanded', 'due', 'gone', 'late', 'notYet', 'quiet', 'soon'];
const others = (...names: string[]) => ALL.filter(name => !names.includes(name));

test.each([
  ['needs_rotation', ['demanded', 'due', 'gone']],
  ['rotation_demanded', ['demanded']],
  ['has_totp', ['soon']],
])('%s finds what it says, and false all others', async (name, names) => {
  expect(await found({ [name]: 'true' })).toEqual(names);
  expect(await found({ [name]: 'false' })).toEqual(others(...names));
});

test('needs_rotation says what the answers say', async () => {
  const { body } = await t.http('GET', '/api/credentials', { query: { limit: '1000' } });
  const needing = (body.items as Shown[])
    .filter(one => one.needs_rotation)
    .map(one => String(one.service_name));
  expect(await found({ needs_rotation: 'true' })).toEqual(needing.sort());
});

test('expires_within_days counts what has expired too, and combines with other filters', async () => {
  expect(await found({ expires_within_days: '0' })).toEqual(['gone']);
  expect(await found({ expires_within_days: '30' })).toEqual(['gone', 'soon']);
  expect(await found({ expires_within_days: '60' })).toEqual(['gone', 'late', 'soon']);
  expect(await found({ expires_within_days: '60', expires_at__gt: inDays(0) })).toEqual(['late', 'soon']);
  expect(await found({ expires_within_days: '60', has_totp: 'true' })).toEqual(['soon']);
});

test('they hold in lists by client and in exports, and refuse other values with what they want', async () => {
  const by = await t.http('GET', `/api/credentials/by-client/${await t.client()}`, {
    query: { has_totp: 'true' },
  });
  expect(by.body.items).toEqual([]);
  const csv = await t.http('GET', '/api/credentials', {
    query: { has_totp: 'true', fields: 'service_name' },
    headers: { accept: 'text/csv' },
  });
  expect(csv.text).toContain('soon');
  expect(csv.text).not.toContain('quiet');
  const wrong = await t.http('GET', '/api/credentials', {
    query: { has_totp: 'yes', needs_rotation: '1', expires_within_days: '-1' },
  });
  expect(wrong.status).toBe(422);
  expect(wrong.body.details).toMatchObject({
    errors: [
      { field: 'has_totp', message: 'must be true or false' },
      { field: 'needs_rotation', message: 'must be true or false' },
      { field: 'expires_within_days', message: 'must be a whole number from 0 to 3650' },
    ],
  });
  const elsewhere = await t.http('GET', '/api/sites', { query: { has_totp: 'true' } });
  expect(elsewhere.status).toBe(422);
});

test('POST /credentials/{id}/reveal opens one for a reason, on the record', async () => {
  const path = `/api/credentials/${ids.soon}/reveal`;
  expect((await t.http('POST', path, { body: {} })).status).toBe(422);
  const answer = await t.http('POST', path, { body: { reason: 'the printer wants it' } });
  expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
  expect(answer.body).toMatchObject({ id: ids.soon, version: 1, secrets: { password: expect.any(String) } });
  expect(JSON.stringify(answer.body)).not.toContain('JBSWY3DPEHPK3PXP');
  const [entry] = await t.sql(
    "SELECT details FROM journal WHERE action = 'credential.reveal' AND resource_id = ?",
    [ids.soon ?? ''],
  );
  expect(JSON.parse(String(entry?.details))).toMatchObject({
    reason: 'the printer wants it',
    fields: ['password'],
  });
});
