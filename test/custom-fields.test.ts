import { readdirSync, readFileSync } from 'node:fs';
import { startApp, type Body, type TestApp } from './app.js';
import { allResources } from '../src/core/resource/resource.js';
import { entriesOf } from './harness/journal.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

let count = 0;
/** A definition with a key of its own. */
async function define(kind: string, more: Body = {}): Promise<{ id: string; key: string }> {
  const body = { resource: 'sites', key: `key_${++count}`, kind, ...more };
  const answer = await t.http('POST', '/api/custom-field-definitions', { body });
  expect([answer.status, answer.text]).toEqual([201, answer.text]);
  return { id: answer.body.id, key: String(answer.body.key) };
}

const site = (custom_fields?: unknown) => t.body('sites').then(body => ({ ...body, custom_fields }));
const create = async (custom_fields?: unknown) =>
  t.http('POST', '/api/sites', { body: await site(custom_fields) });
const patch = (id: string, custom_fields: unknown) =>
  t.http('PATCH', `/api/sites/${id}`, { body: { custom_fields } });
/** The index of a row: how many values, by definition. */
const indexed = (row_id: string) =>
  t.sql('SELECT definition_id, text_value, number_value FROM custom_field_values WHERE row_id = ?', [row_id]);

const WINGS = allResources().filter(one => one.customFields);

test('every resource of the directory, the work and the estate has custom fields', () => {
  const files = ['directory', 'work', 'estate'].flatMap(wing =>
    readdirSync(`src/${wing}`, { recursive: true, encoding: 'utf8' }).map(path => `src/${wing}/${path}`),
  );
  const resources = files
    .filter(path => path.endsWith('.entity.ts'))
    .map(path => ({ path, text: readFileSync(path, 'utf8') }))
    .filter(one => one.text.includes('@Resource('));
  expect(resources.length).toBe(WINGS.length);
  expect(resources.filter(one => !one.text.includes('customFields: true')).map(one => one.path)).toEqual([]);
});

describe.each(WINGS.map(one => [one.path, one] as const))('rows of %s', (path, spec) => {
  test('take values by key, one by one and in bulk, keep what a change does not name, and clear with null', async () => {
    const a = await define('text', { resource: path });
    const b = await define('whole', { resource: path });
    const body = { ...(await t.body(path)), custom_fields: { [a.key]: ' one ', [b.key]: 7 } };
    const { body: row, status, text } = await t.http('POST', `/api/${path}`, { body });
    expect([status, row.custom_fields]).toEqual([201, { [a.key]: 'one', [b.key]: 7 }]);
    expect([text, (await indexed(row.id)).length]).toEqual([text, 2]);
    const changed = await t.http('PATCH', `/api/${path}/${row.id}`, {
      body: { custom_fields: { [a.key]: null } },
    });
    expect([changed.status, changed.body.custom_fields]).toEqual([200, { [b.key]: 7 }]);
    expect(await indexed(row.id)).toMatchObject([{ definition_id: b.id, text_value: null }]);
    const [, entry] = await entriesOf(t, row.id);
    expect(entry?.changes).toMatchObject({ [`custom_fields.${a.key}`]: ['one', null] });
    const items = [{ ...(await t.body(path)), custom_fields: { [b.key]: -3 } }];
    const { body: bulk } = await t.http('POST', `/api/${path}/bulk`, { body: { items } });
    const id = String(bulk.results[0]?.id);
    expect((await t.http('GET', `/api/${path}/${id}`)).body.custom_fields).toEqual({ [b.key]: -3 });
    expect(await indexed(id)).toHaveLength(1);
    if ((spec.routes ?? ['remove']).includes('remove')) {
      expect((await t.http('DELETE', `/api/${path}/${row.id}`)).status).toBe(204);
      expect(await indexed(row.id)).toEqual([]);
    }
  });
});

test('an unknown key, a value of another kind and a required one that is missing are named, all at once', async () => {
  const { key: rack } = await define('whole');
  const { key: owner } = await define('choice', { choices: ['us', 'them'] });
  const { status, body } = await create({ [rack]: 'x', [owner]: 'nobody', no_such: 1 });
  expect(status).toBe(422);
  const errors = body.details.errors;
  expect(errors.map(one => one.field).sort()).toEqual(
    [`custom_fields.${rack}`, `custom_fields.${owner}`, 'custom_fields.no_such'].sort(),
  );
  expect(errors.find(one => one.field.endsWith(rack))?.message).toBe('must be a whole number');
  expect(errors.find(one => one.field.endsWith('no_such'))?.message).toContain(`${rack}, ${owner}`);
});

test('a default and a requirement are for new rows; what was there before stays as it is', async () => {
  const old = (await create()).body;
  const { key: level } = await define('choice', { choices: ['gold', 'silver'], default: 'silver' });
  const { key: code, id } = await define('text', { is_required: true });
  const missing = await create();
  expect(missing.body.details.errors).toEqual([
    { field: `custom_fields.${code}`, message: 'is required', rule: 'required' },
  ]);
  const { body: row } = await create({ [code]: 'A1' });
  expect(row.custom_fields).toEqual({ [level]: 'silver', [code]: 'A1' });
  expect((await patch(row.id, { [code]: null })).body.details.errors[0]?.message).toBe('may not be null');
  expect((await patch(old.id, { [level]: 'gold' })).body.custom_fields).toEqual({ [level]: 'gold' });
  expect(
    (await t.http('PATCH', `/api/custom-field-definitions/${id}`, { body: { is_required: false } })).status,
  ).toBe(200);
  expect((await patch(row.id, null)).body.custom_fields).toBeNull();
});

test('a row is taken back as it was read, and an update that repeats it changes nothing', async () => {
  const { key } = await define('moment');
  const { body: row } = await create({ [key]: '2026-01-31T09:00:00+01:00' });
  expect(row.custom_fields).toMatchObject({ [key]: '2026-01-31T08:00:00.000Z' });
  const again = await t.http('PUT', `/api/sites/${row.id}`, { body: row });
  expect([again.status, again.body.version]).toEqual([200, 1]);
});

test.each([
  ['a token', 'AKIAIOSFODNN7EXAMPLE'],
  ['a private key', '-----BEGIN PRIVATE KEY----- CANARY -----END PRIVATE KEY-----'],
  ['an address that logs in', 'https://canary:s3cretCANARY@host.example/'],
])('%s is refused, with the way to the vault', async (_what, secret) => {
  const { key } = await define('text');
  const { key: list } = await define('list');
  for (const given of [{ [key]: secret }, { [list]: ['fine', secret] }]) {
    const { status, body, text } = await create(given);
    expect([status, body.details.errors[0]?.rule]).toEqual([422, 'secret']);
    expect(body.details.errors[0]?.message).toContain('POST /api/credentials');
    expect(text).not.toContain(secret);
  }
});

test.each(['password', 'api_key', 'vpn_secret', 'admin_pwd'])('%s is no text of its own', async key => {
  const body = { resource: 'sites', key, kind: 'text' };
  const answer = await t.http('POST', '/api/custom-field-definitions', { body });
  expect([answer.status, answer.body.details.errors[0]?.field]).toEqual([422, 'key']);
  const flag = { ...body, kind: 'flag', key: `${key}_is_set` };
  expect((await t.http('POST', '/api/custom-field-definitions', { body: flag })).status).toBe(201);
});

test('a key that holds the name of a secret within a word is a text like others', async () => {
  const body = { resource: 'sites', key: 'viatoken', kind: 'text' };
  expect((await t.http('POST', '/api/custom-field-definitions', { body })).status).toBe(201);
});

test('who does not see every client defines nothing, and a technician reads definitions', async () => {
  const client_ids = [await t.client()];
  const some = await t.user({ client_access: 'only', client_ids });
  const tech = await t.user({ scopes: ['msp:read', 'msp:write'] });
  const body = { resource: 'sites', key: 'theirs', kind: 'text' };
  for (const { token } of [some, tech])
    expect((await t.http('POST', '/api/custom-field-definitions', { body, token })).status).toBe(403);
  expect((await t.http('GET', '/api/custom-field-definitions', { token: tech.token })).status).toBe(200);
});

test('a key that is defined fifty times at once is defined once', async () => {
  const body = { resource: 'contacts', key: 'at_once', kind: 'text' };
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => t.http('POST', '/api/custom-field-definitions', { body })),
  );
  expect(answers.map(one => one.status).sort()).toEqual([201, ...Array<number>(49).fill(409)]);
});
