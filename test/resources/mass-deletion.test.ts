import type { Transaction } from '../../src/core/database/sql.js';
import { currentContext } from '../../src/core/context/request-context.js';
import { Units } from '../../src/core/database/units.js';
import { EventBus, type ResourceEvent } from '../../src/core/events/events.js';
import { Site } from '../../src/directory/sites/site.entity.js';
import { SitesService } from '../../src/directory/sites/sites.service.js';
import { ContactsService } from '../../src/directory/contacts/contacts.service.js';
import { Rows } from '../../src/core/table/rows.js';
import { resourceOf } from '../../src/core/resource/resource.js';
import { startApp, type Shown, type TestApp } from '../app.js';
import { multiplied } from '../harness/multiply.js';

/** More than SQLite takes values in a statement. */
const MANY = 33_000;

let t: TestApp;
const events: ResourceEvent[] = [];
beforeAll(async () => {
  t = await startApp();
  t.app.get(EventBus).on('resource.deleted', event => void events.push(event));
});
beforeEach(() => (events.length = 0));
afterEach(() => jest.restoreAllMocks());
afterAll(() => t.close());

const made = async (path: string, body: object): Promise<Shown> => {
  const answer = await t.http('POST', `/api/${path}`, { body: body as Record<string, unknown> });
  expect([answer.status, answer.text]).toEqual([201, answer.text]);
  return answer.body;
};
const remove = (path: string) => t.http('DELETE', `/api/${path}`);
const entries = (request_id: unknown) =>
  t.sql<{ action: string; resource_id: string }>(
    'SELECT action, resource_id FROM journal WHERE request_id = ? ORDER BY n',
    [String(request_id)],
  );

/** Has every transaction that begins from now on pass its statements to `see` first. */
function watch(see: (text: string, transaction: Transaction) => Promise<void> | void): void {
  const { connections } = t.opened.database;
  const begin = connections.begin.bind(connections);
  jest.spyOn(connections, 'begin').mockImplementation(async patience => {
    const transaction = await begin(patience);
    const [select, change] = [transaction.select.bind(transaction), transaction.change.bind(transaction)];
    const raw = { ...transaction, select, change } as Transaction;
    // What is done beside requests has no route.
    const tell = async (text: string) => {
      if (currentContext()?.route) await see(text, raw);
    };
    transaction.select = (async (text: string, values) => {
      await tell(text);
      return select(text, values);
    }) as Transaction['select'];
    transaction.change = async (text, values, wait) => {
      await tell(text);
      return change(text, values, wait);
    };
    return transaction;
  });
}

test(`a client goes with its ${MANY} contacts, each of which has its entry and its event`, async () => {
  const { id } = await made('clients', { name: 'With very many contacts' });
  const contact = await made('contacts', { client_id: id, name: 'The first' });
  const columns = resourceOf(t.app.get(ContactsService).spec.type).fields.map(one => one.name);
  const { dialect } = t.app.get(Units).sql;
  await t.change(multiplied(dialect, 'contacts', columns, MANY, { name: 'Contact ' }));
  const { status, headers, text } = await remove(`clients/${id}`);
  expect({ status, text }).toEqual({ status: 204, text: '' });
  expect(await t.sql('SELECT id FROM contacts WHERE client_id = ?', [id])).toEqual([]);
  const told = await entries(headers['x-request-id']);
  expect(told.filter(one => one.action === 'contact.delete')).toHaveLength(MANY + 1);
  expect(told.slice(-1)).toEqual([{ action: 'client.delete', resource_id: id }]);
  expect(new Set(told.map(one => one.resource_id)).size).toBe(MANY + 2);
  expect(new Set(events.map(one => one.id))).toEqual(new Set(told.map(one => one.resource_id)));
  expect(events.find(one => one.id === contact.id)).toMatchObject({ resource: 'contact', client_id: id });
}, 120_000);

test('how many statements a deletion takes depends neither on the rows nor on the tables that refer to them', async () => {
  const costOf = async (count: number) => {
    const { id } = await made('clients', { name: `With ${count} sites` });
    const sites = await bulk('sites', count, n => ({ client_id: id, name: `Site ${n}` }));
    await bulk('contacts', count, n => ({ client_id: id, site_id: sites[n], name: `Contact ${n}` }));
    let statements = 0;
    watch(text => {
      if (!text.startsWith('INSERT INTO journal')) statements += 1;
    });
    const { status, headers } = await remove(`clients/${id}`);
    jest.restoreAllMocks();
    expect(status).toBe(204);
    const told = (await entries(headers['x-request-id'])).map(one => one.action);
    const times = (action: string) => told.filter(one => one === action).length;
    expect(['site.delete', 'contact.update', 'contact.delete', 'client.delete'].map(times)).toEqual([count, count, count, 1]); // prettier-ignore
    return statements;
  };
  const few = await costOf(10);
  // What search finds rows by goes for a hundred of them at a time: of a long text there may be three hundred terms.
  expect(await costOf(300)).toBe(few + 6);
  expect(few).toBeLessThan(70);
});

test('a row that was changed meanwhile runs the deletion anew', async () => {
  const { id } = await made('clients', { name: 'Changed meanwhile' });
  const sites = await bulk('sites', 3, n => ({ client_id: id, name: `Site ${n}` }));
  let deletions = 0;
  watch(async (text, transaction) => {
    if (!text.startsWith('DELETE FROM sites') || ++deletions > 1) return;
    await transaction.change('UPDATE sites SET version = version + 1 WHERE id = ?', [sites[1] ?? '']);
  });
  const { status, headers } = await remove(`clients/${id}`);
  expect([status, deletions]).toEqual([204, 2]);
  expect(await entries(headers['x-request-id'])).toHaveLength(4);
});

test('each row may refuse, and then nothing is gone', async () => {
  const { id } = await made('clients', { name: 'Refusing' });
  const sites = await bulk('sites', 3, n => ({ client_id: id, name: `Site ${n}` }));
  const service = t.app.get(SitesService);
  const asked: string[] = [];
  const hooks = service as unknown as { beforeRemove: (row: Site) => void };
  jest.spyOn(hooks, 'beforeRemove').mockImplementation(row => {
    asked.push(row.id);
    if (asked.length === 3) throw service.missing(row.id);
  });
  expect((await remove(`clients/${id}`)).status).toBe(404);
  expect(asked).toEqual(sites);
  expect(await t.sql('SELECT id FROM sites WHERE client_id = ? ORDER BY id', [id])).toHaveLength(3);
  expect(events).toEqual([]);
});

test('rows that refer to each other go together, each with one entry', async () => {
  const { id } = await made('clients', { name: 'Hosts' });
  const host = await made('infrastructure', {
    client_id: id,
    hostname: 'host',
    asset_type: 'physical_server',
  });
  const guest = { client_id: id, hostname: 'guest', asset_type: 'virtual_machine', parent_host_id: host.id };
  const { id: guest_id } = await made('infrastructure', guest);
  const { status, headers } = await remove(`clients/${id}`);
  expect(status).toBe(204);
  expect((await entries(headers['x-request-id'])).map(one => [one.action, one.resource_id])).toEqual([
    ['infrastructure.delete', host.id],
    ['infrastructure.delete', guest_id],
    ['client.delete', id],
  ]);
});

test('a list of any length is a condition', async () => {
  const rows = t.app.get(Rows);
  const { id: client_id } = await made('clients', { name: 'Of a long list' });
  const sites = await bulk('sites', 3, n => ({ client_id, name: `Site ${n}` }));
  const others = Array.from({ length: MANY }, (_, n) => `nobody ${n}`);
  const where = { id: [...sites.slice(0, 1), ...others, ...sites, ...sites] };
  expect((await rows.find(Site, where)).map(one => one.id).sort()).toEqual(sites);
  const units = t.app.get(Units);
  expect(await units.run(() => rows.update(Site, where, { address: 'Bern' }))).toBe(3);
  expect(await units.run(() => rows.remove(Site, where))).toBe(3);
  expect(await rows.find(Site, { client_id })).toEqual([]);
});

/** The ids of new rows, in their order. */
async function bulk(path: string, count: number, make: (n: number) => object): Promise<string[]> {
  const items = Array.from({ length: count }, (_, n) => make(n));
  const { status, body } = await t.http('POST', `/api/${path}/bulk`, { body: { atomic: true, items } });
  expect([status, body]).toEqual([200, body]);
  return body.results.map(one => String(one.id));
}
