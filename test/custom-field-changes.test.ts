import { startApp, type Body, type TestApp } from './app.js';
import { entriesOf } from './harness/journal.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const AT = '/api/custom-field-definitions';
let count = 0;

/** A field of sites, and sites with these values. */
async function filled(
  kind: string,
  values: unknown[],
  more: Body = {},
): Promise<{ id: string; key: string; sites: string[] }> {
  const key = `key_${++count}`;
  const { body } = await t.http('POST', AT, { body: { resource: 'sites', key, kind, ...more } });
  const sites: string[] = [];
  for (const value of values) sites.push((await t.make('sites', { custom_fields: { [key]: value } })).id);
  return { id: body.id, key, sites };
}

const change = (id: string, body: Body) => t.http('PATCH', `${AT}/${id}`, { body });
const remove = (id: string, values?: string) =>
  t.http('DELETE', `${AT}/${id}`, { query: values === undefined ? {} : { values } });
const valueIn = async (site: string, key: string) =>
  ((await t.http('GET', `/api/sites/${site}`)).body.custom_fields as Body | null)?.[key];
const found = async (query: Record<string, string>) => {
  const { status, body } = await t.http('GET', '/api/sites', { query });
  return status === 200 ? body.items.map(one => one.id) : status;
};

test('a kind changes where every value is one of the new kind, and is refused with the number of the others', async () => {
  const { id, key, sites } = await filled('text', ['12', '-3', 'seven', '8.5']);
  const refused = await change(id, { kind: 'whole' });
  expect([refused.status, refused.body.error]).toEqual([
    409,
    '2 rows have values that the kind whole does not have',
  ]);
  expect(await valueIn(sites[0] ?? '', key)).toBe('12');
  for (const site of sites.slice(2))
    await t.http('PATCH', `/api/sites/${site}`, { body: { custom_fields: { [key]: null } } });
  expect((await change(id, { kind: 'whole' })).status).toBe(200);
  expect(await Promise.all(sites.map(one => valueIn(one, key)))).toEqual([12, -3, undefined, undefined]);
  expect(await found({ [`cf.${key}__lt`]: '0' })).toEqual([sites[1]]);
  const entry = (await entriesOf(t, sites[0] ?? '')).at(-1);
  expect(entry?.changes).toEqual({ [`custom_fields.${key}`]: ['12', 12] });
});

test('a new key takes the values along', async () => {
  const { id, key, sites } = await filled('date', ['2026-01-31']);
  expect((await change(id, { key: `${key}_new` })).status).toBe(200);
  expect([await valueIn(sites[0] ?? '', key), await valueIn(sites[0] ?? '', `${key}_new`)]).toEqual([
    undefined,
    '2026-01-31',
  ]);
  expect(await found({ [`cf.${key}_new`]: '2026-01-31' })).toEqual(sites);
  expect(await found({ [`cf.${key}`]: '2026-01-31' })).toBe(422);
});

test('a choice that rows have stays; another may go', async () => {
  const { id, key, sites } = await filled('choice', ['a'], { choices: ['a', 'b'] });
  const refused = await change(id, { choices: ['b', 'c'] });
  expect([refused.status, refused.body.details.field]).toEqual([409, 'choices']);
  expect((await change(id, { choices: ['a', 'c'] })).status).toBe(200);
  expect((await change(id, { kind: 'text', choices: null })).status).toBe(200);
  expect(await valueIn(sites[0] ?? '', key)).toBe('a');
});

test('a definition with values is removed only with a word on them', async () => {
  const { id, key, sites } = await filled('whole', [1, 2]);
  const asked = await remove(id);
  expect([asked.status, asked.body.details.errors[0]]).toEqual([
    422, { field: 'values', message: 'must be keep or delete, as a parameter of the query (?values=keep): 2 rows have values', rule: 'required' },
  ]); // prettier-ignore
  expect((await remove(id, 'perhaps')).status).toBe(422);
  expect((await remove(id, 'delete')).status).toBe(204);
  expect(await Promise.all(sites.map(one => valueIn(one, key)))).toEqual([undefined, undefined]);
  expect((await entriesOf(t, sites[0] ?? '')).at(-1)?.changes).toEqual({
    [`custom_fields.${key}`]: [1, null],
  });
  expect(await t.sql('SELECT * FROM custom_field_values WHERE definition_id = ?', [id])).toEqual([]);
  expect(await t.sql('SELECT * FROM custom_field_definitions WHERE id = ?', [id])).toEqual([]);
  const without = await filled('whole', []);
  expect((await remove(without.id)).status).toBe(204);
});

test('kept values are read, repeated and cleared, and found again when their field is back', async () => {
  const { id, key, sites } = await filled('whole', [1, 2, 3]);
  const [first = '', second = '', third = ''] = sites;
  expect((await remove(id, 'keep')).status).toBe(204);
  expect((await t.http('GET', `${AT}/${id}`)).status).toBe(404);
  expect([await valueIn(first, key), await found({ [`cf.${key}`]: '1' })]).toEqual([1, 422]);
  const put = (value: unknown) =>
    t.http('PATCH', `/api/sites/${first}`, { body: { custom_fields: { [key]: value } } });
  expect([(await put(1)).status, (await put(9)).status]).toEqual([200, 422]);
  await t.http('PATCH', `/api/sites/${second}`, { body: { custom_fields: { [key]: null } } });
  const other = await t.http('POST', AT, { body: { resource: 'sites', key, kind: 'text' } });
  expect([other.status, other.body.details.field]).toEqual([409, 'kind']);
  const back = await t.http('POST', AT, { body: { resource: 'sites', key, kind: 'whole', label: 'Back' } });
  expect([back.status, back.body.label]).toEqual([201, 'Back']);
  expect(await found({ [`cf.${key}__isnull`]: 'false', sort: `cf.${key}` })).toEqual([first, third]);
  expect((await remove(id, 'keep')).status).toBe(204);
  expect((await remove(id, 'delete')).status).toBe(204);
  expect(await valueIn(first, key)).toBeUndefined();
});

test('values written while their definition goes leave nothing in the index', async () => {
  const { id, key, sites } = await filled('whole', [1, 2, 3, 4]);
  const writes = Array.from({ length: 40 }, (_, n) =>
    t.http('PATCH', `/api/sites/${sites[n % 4]}`, { body: { custom_fields: { [key]: n } } }),
  );
  const [removed, ...answers] = await Promise.all([remove(id, 'delete'), ...writes]);
  expect(removed?.status).toBe(204);
  expect(answers.filter(one => ![200, 422].includes(one.status)).map(one => one.text)).toEqual([]);
  expect(await Promise.all(sites.map(one => valueIn(one, key)))).toEqual(sites.map(() => undefined));
  expect(await t.sql('SELECT * FROM custom_field_values WHERE definition_id = ?', [id])).toEqual([]);
});
