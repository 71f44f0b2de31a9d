import { UniqueNames1763800000110 } from '../migrations/0011-unique-names.js';
import { allResources } from '../src/core/resource/resource.js';
import { uniqueKey } from '../src/core/table/unique-key.js';
import { startApp, type TestApp } from './app.js';
import { factories } from './factories.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const post = (path: string, body: object, token?: string) => t.http('POST', `/api/${path}`, { body, token });

/** Which read as one: case, full width, ligature, sharp s, final sigma, composed and decomposed. */
const ALIKE: [string, string][] = [
  ['Acme Dental', 'ACME dental'],
  ['Beta', 'Ｂｅｔａ'],
  ['ofﬁce', 'OFFICE'],
  ['Straße', 'STRASSE'],
  ['Οδυσσεύς', 'ΟΔΥΣΣΕΎΣ'],
  ['Amélie', 'Ame\u0301lie'],
];
const NAMED: [string, string][] = [
  ['clients', 'name'],
  ['sites', 'name'],
  ['tags', 'name'],
  ['machines', 'hostname'],
  ['credentials', 'name'],
];

describe.each(NAMED)('%s', (path, field) => {
  test.each(ALIKE)('%s and %s are one name', async (one, other) => {
    const mine = await t.make(path, { [field]: one });
    const taken = await post(path, await t.body(path, { [field]: other }));
    expect([taken.status, taken.body.details.field]).toEqual([409, field]);
    expect(taken.text).not.toContain(mine.id);
    const another = await t.make(path);
    const renamed = await t.http('PATCH', `/api/${path}/${another.id}`, { body: { [field]: other } });
    expect([renamed.status, renamed.body.details?.field]).toEqual([409, field]);
    // Its own name it may write in another way.
    const own = await t.http('PATCH', `/api/${path}/${mine.id}`, { body: { [field]: other } });
    expect(own.status).toBe(200);
  });
});

test('addresses of users are one whatever their case and form', async () => {
  await t.make('users', { email: 'straße@canary.test' });
  const taken = await post('users', await t.body('users', { email: 'STRASSE@canary.test' }));
  expect([taken.status, taken.body.details.field]).toEqual([409, 'email']);
});

test('a row is tagged with the tag that is there', async () => {
  const first = await t.make('projects', { tags: ['Großkunde'] });
  const second = await t.make('projects', { tags: ['GROSSKUNDE', 'ｇrosskunde', 'grosskunde'] });
  expect([first.tags, second.tags]).toEqual([['großkunde'], ['großkunde']]);
  const again = await t.http('PATCH', `/api/projects/${second.id}`, { body: { tags: ['grosskunde'] } });
  expect(again.body.tags).toEqual(['großkunde']);
});

describe('what one may not see', () => {
  test.each([
    ['sites', 'name', 'Head office'],
    ['credentials', 'name', 'firewall'],
    ['projects', 'slug', 'migration'],
  ])('%s of other clients are told by no 409', async (path, field, value) => {
    const [seen, hidden] = [(await t.make('clients')).id, (await t.make('clients')).id];
    const { token } = await t.user({
      client_access: 'only',
      client_ids: [seen],
      scopes: ['msp:read', 'msp:write'],
    });
    await t.make(path, { client_id: hidden, [field]: value });
    const body = await t.body(path, { client_id: seen, [field]: value });
    expect((await post(path, body, token)).status).toBe(201);
    const twice = await post(path, await t.body(path, { client_id: seen, [field]: value }), token);
    expect([twice.status, twice.body.details.field]).toEqual([409, field]);
  });

  test('a slug that is made from the name is free in its own client', async () => {
    const slugs = [];
    for (const client_id of [(await t.make('clients')).id, (await t.make('clients')).id])
      for (let n = 0; n < 2; n++)
        slugs.push((await t.make('projects', { client_id, name: 'Big move' })).slug);
    expect(slugs).toEqual(['big-move', 'big-move-2', 'big-move', 'big-move-2']);
  });

  test('handles without a client are unique per owner', async () => {
    const body = {
      ...(await t.body('credentials', { client_id: null })),
      name: 'mine',
      visibility: 'private',
    };
    const users = [await t.user(), await t.user()];
    for (const { token } of users) expect((await post('credentials', body, token)).status).toBe(201);
    expect((await post('credentials', body, users[0]?.token)).status).toBe(409);
  });

  test('a row that moves takes its name along, unless it is taken there', async () => {
    const [from, to] = [(await t.make('clients')).id, (await t.make('clients')).id];
    const project = await t.make('projects', { client_id: from, slug: 'moving' });
    const other = await t.make('projects', { client_id: to, slug: 'moving' });
    const move = () => t.http('PATCH', `/api/projects/${project.id}`, { body: { client_id: to } });
    expect((await move()).body.details.field).toBe('slug');
    await t.http('PATCH', `/api/projects/${other.id}`, { body: { slug: 'gone' } });
    expect((await move()).status).toBe(200);
    const again = await post('projects', await t.body('projects', { client_id: from, slug: 'moving' }));
    expect(again.status).toBe(201);
  });

  test('clients are named by those who see every client', async () => {
    const { id, name } = await t.make('clients');
    const hidden = await t.make('clients');
    for (const access of [
      { client_access: 'only', client_ids: [id] },
      { client_access: 'except', client_ids: [hidden.id] },
    ] as const) {
      const { token } = await t.user({ ...access, client_ids: [...access.client_ids] });
      expect((await post('clients', { name: hidden.name }, token)).status).toBe(403);
      const renamed = await t.http('PATCH', `/api/clients/${id}`, { token, body: { name: hidden.name } });
      expect(renamed.status).toBe(403);
      const noted = await t.http('PATCH', `/api/clients/${id}`, { token, body: { name, notes: 'Seen' } });
      expect(noted.status).toBe(200);
    }
  });
});

describe('invisible characters', () => {
  const SIGNS = ['\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u202e', '\u2066', '\u061c', '\u3164'];

  test('are refused in every name and line of text', async () => {
    const faults: string[] = [];
    for (const { path, fields } of allResources().filter(one => factories[one.path])) {
      const body = await t.body(path);
      for (const field of fields.filter(
        one => one.normalize && one.column.kind === 'text' && !one.readOnly,
      )) {
        const answer = await post(path, { ...body, [field.name]: 'pay\u202epal' });
        const named = answer.body.details?.errors?.some(one => one.field === field.name);
        if (answer.status !== 422 || !named) faults.push(`${path}.${field.name}: ${answer.status}`);
      }
    }
    expect(faults).toEqual([]);
  });

  test.each(SIGNS)('%j is one of them', async sign => {
    const answers = [
      await post('clients', { name: `Ac${sign}me` }),
      await post('users', await t.body('users', { email: `ad${sign}min@canary.test` })),
      await post('projects', await t.body('projects', { tags: [`ur${sign}gent`] })),
    ];
    expect(answers.map(one => one.status)).toEqual([422, 422, 422]);
    expect(answers[0]?.body.details.errors).toEqual([
      expect.objectContaining({ field: 'name', rule: 'isVisible' }),
    ]);
  });
});

describe('colleagues', () => {
  test('are id, name and email to those who are not administrators', async () => {
    const reader = await t.user({ scopes: ['msp:read'] });
    const { token } = reader;
    const get = (path: string) => t.http('GET', path, { token });
    const page = await get('/api/users?limit=1000&sort=name');
    expect(new Set(page.body.items.flatMap(one => Object.keys(one)))).toEqual(
      new Set(['id', 'name', 'email']),
    );
    const one = await get(`/api/users/${t.admin.id}`);
    expect([Object.keys(one.body).sort(), one.headers.etag]).toEqual([['email', 'id', 'name'], undefined]);
    const csv = await t.http('GET', '/api/users', { token, headers: { accept: 'text/csv' } });
    expect(csv.text.split('\n')[0]?.trim().split(',').sort()).toEqual(['email', 'id', 'name']);
    expect((await get('/api/auth/me')).body).toMatchObject({ id: reader.id, scopes: ['msp:read'] });
    for (const query of [
      'scopes=msp:admin', 'is_active=false', 'client_access=all', 'last_login_at__isnull=true',
      'totp_enrolled=true', 'sort=-is_active', 'fields=id,scopes', 'omit=scopes', 'created_at__gte=2020-01-01T00:00:00Z',
    ]) expect([query, (await get(`/api/users?${query}`)).status]).toEqual([query, 422]); // prettier-ignore
    expect((await get(`/api/users?email=${t.admin.email}&fields=name`)).body.items).toHaveLength(1);
  });

  test('are everything to administrators', async () => {
    const answer = await t.http('GET', '/api/users?is_active=true&sort=-created_at');
    expect(answer.body.items[0]).toMatchObject({ scopes: expect.any(Array), client_access: 'all' });
  });
});

test('names that were two before both stay, until one is named anew', async () => {
  const other = await startApp();
  try {
    const runner = other.opened.database.dataSource.createQueryRunner();
    const [first, second] = [await other.make('clients', { name: 'Acme' }), await other.make('clients')];
    const migration = new UniqueNames1763800000110();
    await migration.down(runner);
    await other.change('UPDATE clients SET name = ? WHERE id = ?', ['ACME', second.id]);
    await migration.up(runner);
    await runner.release();
    const keys = await other.sql('SELECT name_key FROM clients WHERE name IN (?, ?) ORDER BY id', [
      'Acme',
      'ACME',
    ]);
    expect(keys[0]).toEqual({ name_key: uniqueKey('acme', undefined) });
    expect(new Set(keys.map(one => one.name_key)).size).toBe(2);
    const change = (id: string, body: object) => other.http('PATCH', `/api/clients/${id}`, { body });
    expect((await change(first.id, { notes: 'Still here' })).status).toBe(200);
    expect((await change(second.id, { notes: 'Two of them' })).status).toBe(200);
    expect((await change(second.id, { name: 'AcmE' })).status).toBe(409);
    expect((await change(second.id, { name: 'Acme South' })).status).toBe(200);
  } finally {
    await other.close();
  }
});
