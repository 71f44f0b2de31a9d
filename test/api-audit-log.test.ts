import { randomUUID } from 'node:crypto';
import type { SqlValue } from '../src/core/database/sql.js';
import { startApp, type TestApp } from './app.js';

const URL = '/api/api-audit-log';
type Query = Record<string, string | number>;

let t: TestApp;
/** The statements that read the journal, since the last look. */
const seen: { text: string; values: readonly SqlValue[] }[] = [];

beforeAll(async () => {
  t = await startApp();
  const { scanner } = t.opened.database.connections;
  const select = scanner.select.bind(scanner);
  scanner.select = (text, values = []) => {
    seen.push({ text, values });
    return select(text, values);
  };
});
afterAll(() => t.close());

const list = (query: Query = {}, token?: string) => t.http('GET', URL, { query, token });

test('shows what was done and refused, by whom and by which token, newest first, and changes nothing by it', async () => {
  const { body: token } = await t.http('POST', '/api/access-tokens', {
    body: { name: 'trail', scopes: ['msp:read', 'msp:write'] },
  });
  const made = await t.http('POST', '/api/tags', {
    token: String(token.token),
    body: { name: randomUUID() },
  });
  await t.http('GET', URL, { token: String(token.token) });
  const filters: [Query, string[]][] = [
    [{ resource_id: made.body.id }, ['tag.create']],
    [{ token_id: token.id, outcome: 'ok' }, ['tag.create']],
    [{ token_id: token.id }, ['api_audit_log.view', 'tag.create']],
    [{ actor_id: t.admin.id, action: 'tag.create' }, ['tag.create']],
    [{ request_id: made.headers['x-request-id'] ?? '' }, ['tag.create']],
    [{ resource_type: 'tag', ip: '127.0.0.1', at__gte: made.body.created_at }, ['tag.create']],
    [{ resource_type: 'tag', at__lt: made.body.created_at }, []],
  ];
  const { n } = (await t.sql<{ n: number }>('SELECT COUNT(*) AS n FROM journal'))[0] ?? { n: 0 };
  for (const [query, actions] of filters)
    expect([query, (await list(query)).body.items.map(one => one.action)]).toEqual([query, actions]);
  const [entry] = (await list({ resource_id: made.body.id })).body.items;
  expect(entry).toMatchObject({
    actor_type: 'token', actor_id: t.admin.id, actor_name: t.admin.email, token_id: token.id, outcome: 'ok',
    changes: { name: [null, made.body.name] },
  }); // prettier-ignore
  expect(Object.keys(entry ?? {}).filter(name => /^(n|seq|mac.*)$/.test(name))).toEqual([]);
  expect((await t.http('GET', `${URL}/${entry?.id}`)).body).toEqual(entry);
  expect((await t.http('GET', `${URL}/${randomUUID()}`)).status).toBe(404);
  const file = await t.http('GET', `${URL}/export`, {
    query: { resource_id: made.body.id, format: 'ndjson' },
  });
  expect(JSON.parse(file.text)).toEqual(entry);
  const csv = await t.http('GET', `${URL}/export`, { query: { resource_id: made.body.id } });
  expect(csv.text.split('\r\n')[0]).toContain('actor_id');
  const [after] = await t.sql<{ n: number }>('SELECT COUNT(*) AS n FROM journal');
  expect(after?.n).toBe(n);
});

test('pages by key give every entry once, in order, also of one millisecond', async () => {
  for (let k = 0; k < 5; k++) await t.make('tags');
  const whole = (await list({ resource_type: 'tag', limit: 1000 })).body;
  const paged: unknown[] = [];
  let next: string | null = '';
  while (next !== null) {
    const { body } = await list({ resource_type: 'tag', limit: 2, ...(next ? { cursor: next } : {}) });
    paged.push(...body.items.map(one => one.id));
    next = body.next;
  }
  expect(paged).toEqual(whole.items.map(one => one.id));
  expect([...whole.items].sort((a, b) => (String(a.at) < String(b.at) ? 1 : -1)).map(one => one.at)).toEqual(whole.items.map(one => one.at)); // prettier-ignore
  expect(whole.total).toBe(paged.length);
});

test('is for administrators, of the clients that they see, and refuses what it does not know', async () => {
  const [mine, foreign] = [(await t.make('clients')).id, (await t.make('clients')).id];
  await t.make('sites', { client_id: foreign });
  const writer = await t.user({ scopes: ['msp:read', 'msp:write'] });
  expect((await list({}, writer.token)).status).toBe(403);
  const admin = await t.user({ client_access: 'only', client_ids: [mine] });
  const ids = (await list({ limit: 1000 }, admin.token)).body.items.map(one => one.client_id);
  expect(ids).toContain(mine);
  expect(ids).not.toContain(foreign);
  const [hidden] = (await list({ client_id: foreign })).body.items;
  expect((await t.http('GET', `${URL}/${hidden?.id}`, { token: admin.token })).status).toBe(404);
  const bad: Query[] = [
    { nonsense: 1 }, { outcome: 'x' }, { token_id: 'x' }, { at__gt: 'yesterday' }, { ip: 'x' }, { limit: 0 }, { cursor: 'x' },
    { cursor: Buffer.from('["2026-01-01 00:00:00.000"]').toString('base64url') }, { skip: 1, cursor: 'x' }, { __proto__x: 1 },
    { toString: 1 }, { actor_id: 'x'.repeat(101) },
  ]; // prettier-ignore
  for (const query of bad) expect([query, (await list(query)).status]).toEqual([query, 422]);
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    expect([404, 405]).toContain((await t.http(method, URL, { body: {} })).status);
});

test('equal secrets are told to nobody who may not reveal both', async () => {
  const owner = await t.user({ scopes: ['msp:read', 'msp:write'] });
  const body = await t.body('credentials', { client_id: null, password: 'CANARY equal 42' });
  const [one, two] = [
    await t.http('POST', '/api/credentials', { body, token: owner.token }),
    await t.http('POST', '/api/credentials', { body, token: owner.token }),
  ];
  expect(two.body.duplicates).toEqual([one.body.id]);
  const told = await list({ resource_id: one.body.id });
  expect(told.body.items.map(entry => entry.action)).toEqual(['credential.create']);
});

describe('has an index for', () => {
  const filters: [string, Query][] = [
    ['no filter', {}], ['the actor', { actor_id: 'x' }], ['the token', { token_id: randomUUID() }], ['the action', { action: 'x' }],
    ['the client', { client_id: randomUUID() }], ['the resource', { resource_type: 'x' }], ['the row', { resource_id: 'x' }],
    ['the outcome', { outcome: 'failed' }], ['the address', { ip: '192.0.2.1' }], ['the time', { at__lt: '2026-01-01T00:00:00Z' }],
    ['the actor and the time', { actor_id: 'x', at__gte: '2026-01-01T00:00:00Z' }],
  ]; // prettier-ignore
  beforeAll(async () => {
    if (t.opened.database.connections.dialect === 'sqlite') return;
    // Without rows MariaDB takes no index.
    for (let rows = 1; rows < 5_000; rows *= 2)
      await t.change(
        'INSERT INTO journal (id, at, actor_type, actor_id, token_id, action, resource_type, resource_id, client_id, outcome, ip, mac, mac_key_version) ' +
          'SELECT UUID(), DATE_SUB(NOW(3), INTERVAL RAND() * 1000 DAY), actor_type, UUID(), UUID(), LEFT(UUID(), 8), LEFT(UUID(), 8), UUID(), UUID(), ' +
          "IF(RAND() < 0.02, 'failed', 'ok'), LEFT(UUID(), 8), mac, mac_key_version FROM journal LIMIT 5000",
      );
    await t.change('ANALYZE TABLE journal');
  });

  test.each(filters)('%s', async (_, query) => {
    seen.length = 0;
    expect((await list({ ...query, limit: 10 })).status).toBe(200);
    const page = seen.find(one => one.text.includes('ORDER BY'));
    if (!page) throw new Error('No statement of the list');
    const [column = 'at'] = Object.keys(query).map(name => name.split('__')[0] ?? '');
    const expected = column === 'at' ? 'ix_journal_at' : `ix_journal_${column}_at`;
    if (t.opened.database.connections.dialect === 'sqlite') {
      const steps = await t.sql<{ detail: string }>(`EXPLAIN QUERY PLAN ${page.text}`, page.values);
      const plan = steps.map(one => one.detail).join('\n');
      expect(plan).toContain(`INDEX ${expected}`);
      expect(plan).not.toContain('TEMP B-TREE FOR ORDER BY');
      return;
    }
    const steps = await t.sql<Record<string, string | null>>(`EXPLAIN ${page.text}`, page.values);
    const own = steps.find(one => one.table === 'journal');
    expect([own?.key, (own?.Extra ?? '').includes('filesort')]).toEqual([expected, false]);
  });

  test('a page of what has one value begins behind its cursor', async () => {
    if (t.opened.database.connections.dialect === 'sqlite') return; // It walks the index from the cursor by itself.
    const { body } = await list({ outcome: 'ok', skip: 2_000, limit: 1 });
    seen.length = 0;
    const next = await list({ outcome: 'ok', limit: 10, cursor: body.next ?? '' });
    const page = seen.find(one => one.text.includes('ORDER BY'));
    const [read] = await t.sql<Record<string, string>>(`ANALYZE ${page?.text}`, page?.values);
    expect(read?.key).toBe('ix_journal_outcome_at');
    // And what came at the same time as the last row of the page before.
    expect(Number(read?.r_rows)).toBeLessThan(20);
    const asked = await list({ outcome: 'ok', skip: 2_001, limit: 10 });
    expect(next.body.items).toEqual(asked.body.items);
  });
});
