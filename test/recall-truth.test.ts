import { setTimeout as sleep } from 'node:timers/promises';
import { type Body, startApp, type Shown, type TestApp } from './app.js';

let t: TestApp;
let client: string;

beforeAll(async () => {
  t = await startApp();
  client = await t.client();
});
afterAll(() => t.close());

const recall = async (query: string, more: Body = {}, token?: string) =>
  (await t.http('POST', '/api/conversation-contexts/recall', { body: { query, ...more }, token })).body;
const told = async (query: string, more: Body = {}, token?: string) =>
  (await recall(query, more, token)).items.map(({ id, label }) => [id, label]);
const decide = async (decision_text: string, more: Body = {}): Promise<Shown> => {
  await sleep(5);
  return t.make('decision-logs', { client_id: client, decision_text, ...more });
};

it('tells what took the place of a decision first, also where the question has words of the oldest alone', async () => {
  const first = await decide('Quarterly billing of the marina goes through Sage');
  const second = await decide('From now on invoices come out of Xero', { supersedes_id: first.id });
  const third = await decide('Everything moves over to QuickBooks', { supersedes_id: second.id });
  expect(await told('quarterly billing of the marina')).toEqual([
    [third.id, null],
    [second.id, 'superseded'],
    [first.id, 'superseded'],
  ]);
  const { items } = await recall('quarterly billing of the marina', { explain: true });
  expect((items[0]?.parts as { replaces: number }).replaces).toBeGreaterThan(0);
});

it('answers as of then: what was superseded later still held, and what replaced it was not there', async () => {
  const first = await decide('The pumps report over Modbus to the harbour gateway');
  const second = await decide('The pumps report over MQTT instead', { supersedes_id: first.id });
  const query = 'how do the pumps report to the harbour gateway';
  expect(await told(query, { as_of: first.created_at })).toEqual([[first.id, null]]);
  expect(await told(query, { as_of: second.created_at })).toEqual([
    [second.id, null],
    [first.id, 'superseded'],
  ]);
  // A later change of the row does not move the time at which it was superseded.
  const body = { rationale: 'The gateway had it built in' };
  expect((await t.http('PATCH', `/api/decision-logs/${first.id}`, { body })).status).toBe(200);
  expect((await told(query, { as_of: second.created_at }))[1]).toEqual([first.id, 'superseded']);
});

it('keeps the order for contexts, and labels what has expired', async () => {
  const context = (title: string, more: Body = {}) =>
    t.make('conversation-contexts', { client_id: client, title, dense_summary: title, ...more });
  const old = await context('Lighthouse cameras record to the recorder in the loft');
  const next = await context('Recording happens in the cloud');
  const body = { superseded_by: next.id };
  expect((await t.http('PATCH', `/api/conversation-contexts/${old.id}`, { body })).status).toBe(200);
  expect(await told('lighthouse cameras recorder')).toEqual([
    [next.id, null],
    [old.id, 'superseded'],
  ]);
  const gone = await context('The ferry timetable runs until Easter', { expires_at: '2026-01-02T00:00:00Z' });
  expect(await told('ferry timetable')).toEqual([[gone.id, 'expired']]);
});

it('brings no successor in that the user does not see', async () => {
  const context = (title: string, client_id: string | null) =>
    t.make('conversation-contexts', { client_id, title, dense_summary: title });
  const old = await context('Walrus tanks are cleaned by hand', client);
  // Without a client it is seen by its user alone.
  const next = await context('A robot does it', null);
  const body = { superseded_by: next.id };
  expect((await t.http('PATCH', `/api/conversation-contexts/${old.id}`, { body })).status).toBe(200);
  expect((await told('walrus tanks cleaned'))[0]).toEqual([next.id, null]);
  const only = (await t.user({ client_access: 'only', client_ids: [client] })).token;
  expect(await told('walrus tanks cleaned', {}, only)).toEqual([[old.id, 'superseded']]);
});

it('lets the more used of two alike come first', async () => {
  const make = (content: string) => t.make('context-snippets', { client_id: client, content });
  const [used, newer] = [
    await make('Otter gateway restarts need the blue cable'),
    await make('Otter gateway restarts need the red cable'),
  ];
  expect((await told('otter gateway restarts'))[0]?.[0]).toBe(newer.id);
  for (let n = 0; n < 12; n++) await t.http('GET', `/api/context-snippets/${used.id}`);
  expect((await told('otter gateway restarts'))[0]?.[0]).toBe(used.id);
});

it('finds by tags, as they are at the moment', async () => {
  const content = 'Ring the second bell before the gate opens';
  const made = await t.make('context-snippets', { client_id: client, content, tags: ['kraken-portal'] });
  expect(await told('what about the kraken-portal')).toEqual([[made.id, null]]);
  await t.http('PATCH', `/api/context-snippets/${made.id}`, { body: { tags: ['bells'] } });
  expect(await told('what about the kraken-portal')).toEqual([]);
});

it('prefers rows of a client that the question names', async () => {
  const ids: string[] = [];
  for (const name of ['Zanzibar Ferries', 'Quokka Mining']) {
    const client_id = (await t.make('clients', { name })).id;
    const row = { client_id, content: `Their dispatch terminal needs firmware ${ids.length + 4}` };
    ids.push((await t.make('context-snippets', row)).id);
  }
  expect((await told('firmware of the dispatch terminal at Zanzibar?'))[0]?.[0]).toBe(ids[0]);
  expect((await told('firmware of the dispatch terminal at Quokka?'))[0]?.[0]).toBe(ids[1]);
});
