import { clientColumn } from '../../src/core/resource/resource.js';
import { startApp, type Shown, type TestApp } from '../app.js';
import { RESOURCES } from '../harness/all-resources.js';
import { decodeCell, parseCsv } from '../harness/csv.js';

let t: TestApp;
let acme: Shown;
let hidden: Shown;
beforeAll(async () => {
  t = await startApp();
  acme = (await t.http('POST', '/api/clients', { body: { name: 'Acme' } })).body;
  hidden = (await t.http('POST', '/api/clients', { body: { name: 'Hidden Ltd' } })).body;
});
afterAll(() => t.close());

const exported = (path: string, query: Record<string, string> = {}, token?: string) =>
  t.http('GET', `/api/${path}/export`, { query, token });

it('has the columns in the order of fields, and names beside ids', async () => {
  const { id } = (
    await t.http('POST', '/api/contacts', {
      body: { client_id: acme.id, name: 'Ada', phone: '+49 30 1234567' },
    })
  ).body;
  const { text } = await exported('contacts', { fields: 'phone,client_id,name,id', id });
  expect(parseCsv(text)).toEqual([
    ['phone', 'client_id', 'client_name', 'name', 'id'],
    ['+49 30 1234567', acme.id, 'Acme', 'Ada', id],
  ]);
  const short = await exported('contacts', { fields: 'name', id });
  expect(parseCsv(short.text)).toEqual([['id', 'name'], [id, 'Ada']]); // prettier-ignore
});

it('names nothing that the caller may not see', async () => {
  const { token } = await t.user({
    scopes: ['msp:read'],
    client_access: 'only',
    client_ids: [acme.id],
  });
  const owned = RESOURCES.filter(([, spec]) => clientColumn(spec) !== undefined);
  for (const [path] of owned) {
    const { id } = path === 'clients' ? hidden : await t.make(path, { client_id: hidden.id });
    const [all, seen] = [await exported(path), await exported(path, {}, token)];
    expect([path, all.status, seen.status]).toEqual([path, 200, 200]);
    expect([path, all.text.includes(id), /Hidden Ltd/.test(all.text)]).toEqual([path, true, true]);
    expect([path, seen.text.includes(id), /Hidden Ltd/.test(seen.text)]).toEqual([path, false, false]);
  }
});

it('writes tags as a list that can be read, and read back', async () => {
  const tags = [['backup', 'night shift'], ['a; b', 'c'], ['=1+1'], []];
  const { id: client_id } = await t.make('clients');
  for (const [n, some] of tags.entries())
    await t.make('projects', { client_id, name: `Tagged ${n}`, tags: some });
  const query = { client_id, fields: 'name,tags', sort: 'name' };
  const [header, ...lines] = parseCsv((await exported('projects', query)).text);
  expect(header).toEqual(['id', 'name', 'tags']);
  expect(lines[0]?.slice(1)).toEqual(['Tagged 0', 'backup; night shift']);
  expect(lines[2]?.slice(1)).toEqual(['Tagged 2', "'=1+1"]);
  expect(lines.map(([, , cell]) => decodeCell(cell ?? '', 'list') ?? [])).toEqual(tags);
});

it('answers HEAD with the headers of the file, and reads no row for it', async () => {
  const accept = { accept: 'text/csv' };
  const ask = (method: string, query = {}) => t.http(method, '/api/machines/export', { query });
  const whole = await ask('GET');
  // Where no row can be read, whoever reads one fails.
  await t.change('ALTER TABLE machines RENAME TO machines_away');
  try {
    const { status, headers, text } = await ask('HEAD');
    expect([status, text]).toEqual([200, '']);
    for (const name of ['content-type', 'content-disposition'])
      expect([name, headers[name]]).toEqual([name, whole.headers[name]]);
    expect((await t.http('HEAD', '/api/machines', { headers: accept })).status).toBe(200);
    expect((await ask('HEAD', { nothing: 'x' })).status).toBe(422);
    expect((await ask('GET')).status).toBe(500);
  } finally {
    await t.change('ALTER TABLE machines_away RENAME TO machines');
  }
});

it('shows of users what the list shows, in every format', async () => {
  const { token } = await t.user({ scopes: ['msp:read'] });
  const shown = new Set(['id', 'name', 'email']);
  const accept = { accept: 'application/x-ndjson' };
  const rows = [
    (await exported('users', { format: 'ndjson' }, token)).text,
    (await t.http('GET', '/api/users', { token, headers: accept })).text,
    (await t.http('GET', '/api/users?fields=', { token, headers: accept })).text,
  ].flatMap(text => text.trim().split('\n').map(line => JSON.parse(line) as object)); // prettier-ignore
  const pages = (await t.http('GET', '/api/users?fields=,', { token })).body.items;
  for (const row of [...rows, ...pages]) expect(new Set(Object.keys(row))).toEqual(shown);
  expect((await exported('users', { format: 'ndjson', scopes: 'msp:admin' }, token)).status).toBe(422);
});

it('begins with a byte order mark when asked, and refuses what an export has not', async () => {
  const plain = (await exported('clients')).text;
  expect(plain).toMatch(/^id,/);
  expect((await exported('clients', { bom: 'true' })).text).toBe(`\ufeff${plain}`);
  for (const [name, value] of [
    ['format', 'xlsx'], ['bom', '1'], ['limit', '5'], ['skip', '1'], ['cursor', 'x'], ['count', 'exact'], ['nothing', 'x'],
  ] as const) {
    const { status, body } = await exported('clients', { [name]: value });
    expect([name, status, body.details?.errors?.[0]?.field]).toEqual([name, 422, name]);
  } // prettier-ignore
  expect((await exported('clients', { format: 'ndjson', bom: 'true' })).status).toBe(422);
});

it('writes more than a page, with the names of every row', async () => {
  const items = Array.from({ length: 1000 }, (_, n) => ({
    name: `Site ${n}`, client_id: n % 2 ? acme.id : hidden.id, notes: 'one of many',
  })); // prettier-ignore
  expect((await t.http('POST', '/api/sites/bulk', { body: { items } })).status).toBe(200);
  const [header, ...lines] = parseCsv(
    (await exported('sites', { q: 'one of many', fields: 'name,client_id' })).text,
  );
  expect(header).toEqual(['id', 'name', 'client_id', 'client_name']);
  expect(lines).toHaveLength(1000);
  for (const [, name, , client] of lines)
    expect(client).toBe(Number(name?.slice(5)) % 2 ? 'Acme' : 'Hidden Ltd');
});

it('leaves the name blank of what a row refers to and the caller may not see', async () => {
  const site = await t.make('sites', { client_id: hidden.id, name: 'Secret cellar' });
  const { id } = await t.make('infrastructure', { client_id: null, hostname: 'gateway' });
  // Whatever refers to a row of a client has that client by itself, unless it is older than that rule.
  await t.change('UPDATE infrastructure SET site_id = ? WHERE id = ?', [site.id, id]);
  const query = { id, fields: 'hostname,site_id' };
  const header = ['id', 'hostname', 'site_id', 'site_name'];
  expect(parseCsv((await exported('infrastructure', query)).text)).toEqual([
    header,
    [id, 'gateway', site.id, 'Secret cellar'],
  ]);
  const { token } = await t.user({
    scopes: ['msp:read'],
    client_access: 'except',
    client_ids: [hidden.id],
  });
  expect(parseCsv((await exported('infrastructure', query, token)).text)).toEqual([
    header,
    [id, 'gateway', site.id, ''],
  ]);
});
