import type { SqlValue } from '../../src/core/database/sql.js';
import { resourceOf } from '../../src/core/resource/resource.js';
import { Contact } from '../../src/directory/contacts/contact.entity.js';
import { startApp, type TestApp } from '../app.js';
import { multiplied } from '../harness/multiply.js';

/** More than are looked through at once; the first `FOREIGN` belong to another client. */
const ROWS = 18_000;
const FOREIGN = 11_500;

let t: TestApp;
let mine: string;
let token: string;
const seen: { text: string; values: readonly SqlValue[] }[] = [];

beforeAll(async () => {
  t = await startApp();
  const foreign = (await t.make('clients', { name: 'Foreign' })).id;
  mine = (await t.make('clients', { name: 'Mine' })).id;
  await t.make('contacts', { client_id: foreign, name: 'First', email: 'first@example.com' });
  const columns = resourceOf(Contact).fields.map(one => one.name);
  const { connections } = t.opened.database;
  const own = {
    client_id: `CASE WHEN n < ${FOREIGN} THEN '${foreign}' ELSE '${mine}' END`,
    role: "CASE n % 3 WHEN 0 THEN 'billing' WHEN 1 THEN 'other' ELSE 'technical' END",
    email: "CASE WHEN n % 4 = 0 THEN 'same@example.com' WHEN n % 4 > 1 THEN s.name END",
  };
  await t.change(multiplied(connections.dialect, 'contacts', columns, ROWS, { name: 'Contact ' }, own));
  if (connections.dialect === 'mariadb') await t.change('ANALYZE TABLE contacts');
  token = (await t.user({ client_access: 'only', client_ids: [mine] })).token;
  for (const side of [connections.reader, connections.scanner]) {
    const select = side.select.bind(side);
    side.select = (text, values = []) => {
      seen.push({ text, values });
      return select(text, values);
    };
  }
}, 120_000);
afterAll(() => t.close());

/** Every row of a list, page by page. */
async function followed(path: string, query: Record<string, string>): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const more = { limit: 900, fields: 'id', ...query, ...(cursor ? { cursor } : {}) };
    const { status, body, text } = await t.http('GET', path, { token, query: more });
    if (status !== 200) throw new Error(text);
    ids.push(...body.items.map(one => one.id));
    cursor = body.next;
  }
  return ids;
}

/** How the database reads the last page. */
async function plan(): Promise<Record<string, string>[]> {
  const page = seen.findLast(({ text }) => text.includes('ORDER BY'));
  const explain = t.opened.database.connections.dialect === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN';
  return t.sql(`${explain} ${page?.text}`, page?.values);
}

test.each([
  ['name', 'name, id'],
  ['-name', 'name DESC, id DESC'],
  ['role', 'role, id'],
  ['-email', 'email DESC, id DESC'],
  ['email', 'email, id'],
  ['client_id', 'client_id, id'],
  ['role,-name', 'role, name DESC, id'],
])('who sees many rows among more pages through all of them by %s', async (sort, order) => {
  const rows = await t.sql<{ id: string }>(`SELECT id FROM contacts WHERE client_id = ? ORDER BY ${order}`, [
    mine,
  ]);
  expect(rows).toHaveLength(ROWS - FOREIGN);
  expect(await followed('/api/contacts', { sort })).toEqual(rows.map(one => one.id));
});

test.each([
  ['role', 'other', 'contacts'],
  ['role__in', 'other', 'contacts'],
  ['is_important', 'false', 'contacts'],
  ['email', 'same@example.com', 'contacts'],
  ['email__isnull', 'true', 'contacts'],
  ['role', 'other', 'contacts/by-client/{mine}'],
])('what has one value, %s=%s, is paged through in the order of ids: %s', async (name, value, path) => {
  const column = name.replace(/__\w+$/, '');
  const [is, ...values] = name.endsWith('__isnull') ? ['IS NULL'] : ['= ?', value === 'false' ? 0 : value];
  const rows = await t.sql<{ id: string }>(
    `SELECT id FROM contacts WHERE client_id = ? AND ${column} ${is} ORDER BY id`,
    [mine, ...values],
  );
  const ids = rows.map(one => one.id);
  const url = `/api/${path.replace('{mine}', mine)}`;
  expect(await followed(url, { [name]: value, sort: 'id' })).toEqual(ids);
  expect(await followed(url, { [name]: value })).toEqual(ids.toReversed());
});

test.each(['id', '-id'])(
  'what several filters leave is paged through along the index of one, by %s',
  async sort => {
    const rows = await t.sql<{ id: string }>(
      "SELECT id FROM contacts WHERE client_id = ? AND role = 'other' AND email = 'same@example.com' ORDER BY id",
      [mine],
    );
    const ids = rows.map(one => one.id);
    const query = { role: 'other', email: 'same@example.com' };
    expect(await followed('/api/contacts', { ...query, sort })).toEqual(
      sort === 'id' ? ids : ids.toReversed(),
    );
    // Far between, so that a page is looked for among all in the end.
    expect(await followed('/api/contacts', { role: 'other', email: 'nobody@example.com' })).toEqual([]);
    if (t.opened.database.connections.dialect === 'sqlite') return;
    const middle = await t.http('GET', '/api/contacts', { query: { ...query, sort, skip: 700, limit: 1 } });
    const places: Record<string, string>[] = [{}, { skip: '20' }, { cursor: middle.body.next ?? '' }];
    for (const more of places) {
      await t.http('GET', '/api/contacts', { query: { ...query, sort, limit: 50, ...more } });
      const page = seen.findLast(({ text }) => text.includes('ORDER BY'));
      const [read, ...others] = await t.sql<Record<string, string>>(`ANALYZE ${page?.text}`, page?.values);
      expect([others, read]).toMatchObject([[], { type: 'range', key: 'ix_contacts_role' }]);
      expect(Number(read?.r_rows)).toBeLessThan(400);
      expect(read?.Extra).not.toContain('filesort');
    }
  },
);

test.each(['contacts', 'contacts/by-client/{mine}'])(
  'rows are skipped once, however many parts a page is read in: %s',
  async path => {
    const query = { role: 'other', email: 'same@example.com', sort: 'id' };
    const url = `/api/${path.replace('{mine}', mine)}`;
    const ids = await followed(url, query);
    const page = await t.http('GET', url, { token, query: { ...query, skip: 200, limit: 300 } });
    expect(page.body.items.map(one => one.id)).toEqual(ids.slice(200, 500));
  },
);

test.each(['id', '-id'])('a page of what has no value begins behind its cursor, by %s', async sort => {
  if (t.opened.database.connections.dialect === 'sqlite') return; // It walks the index from the cursor by itself.
  const query = { email__isnull: 'true', sort };
  const middle = await t.http('GET', '/api/contacts', { query: { ...query, skip: 2_000, limit: 1 } });
  await t.http('GET', '/api/contacts', { query: { ...query, limit: 50, cursor: middle.body.next ?? '' } });
  const page = seen.findLast(({ text }) => text.includes('ORDER BY'));
  const [read] = await t.sql<Record<string, string>>(`ANALYZE ${page?.text}`, page?.values);
  expect(read).toMatchObject({ key: 'ix_contacts_email', r_rows: '51.00' });
});

test('a page behind a cursor begins there, and one in another order is not sorted', async () => {
  const { dialect } = t.opened.database.connections;
  const { body } = await t.http('GET', '/api/contacts', { query: { role: 'other', limit: 1 } });
  await t.http('GET', '/api/contacts', { query: { role: 'other', limit: 50, cursor: body.next ?? '' } });
  const [first] = await plan();
  if (dialect === 'mariadb') expect(first).toMatchObject({ type: 'range', key: 'ix_contacts_role' });
  else expect(first?.detail).toMatch(/ix_contacts_role \(role=\? AND id<\?\)/);
  await t.http('GET', '/api/contacts', { token, query: { sort: '-name', limit: 50 } });
  expect(JSON.stringify(await plan())).not.toMatch(/TEMP B-TREE|filesort/);
});
