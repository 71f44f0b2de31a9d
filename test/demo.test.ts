import { makeDemo } from '../src/commands/demo/demo.js';
import { Calendar } from '../src/commands/demo/history/calendar.js';
import { FIRMS } from '../src/commands/demo/history/firms.js';
import { workOf } from '../src/commands/demo/history/firm-work.js';
import { Random } from '../src/commands/demo/history/random.js';
import { systemActor } from '../src/core/context/actor.js';
import { runAs } from '../src/core/context/request-context.js';
import { startApp, type TestApp } from './app.js';
import { RESOURCES } from './harness/all-resources.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

/** A large client, so that everything happens to it within a year. */
const firms = FIRMS.filter(one => one.seats > 200);
const make = (years: number) => runAs(systemActor('command line'), () => makeDemo(t.app, { years, firms }));

/** What people make for themselves alone. */
const NOT_IN_IT = ['access-tokens', 'approval-requests', 'credential-permissions', 'webhooks'];

test('what asks for fields that the demo does not have is left as it is', async () => {
  const body = { resource: 'tasks', key: 'vlan', kind: 'text', is_required: true };
  const { id } = (await t.http('POST', '/api/custom-field-definitions', { body })).body;
  await expect(make(0)).rejects.toThrow(/required custom fields tasks\.vlan: .*Nothing was made/);
  await t.http('PATCH', `/api/custom-field-definitions/${id}`, { body: { is_required: false } });
  await t.http('DELETE', `/api/custom-field-definitions/${id}?values=delete`);
});

test('a row of the demo that is refused leaves nothing of the demo behind', async () => {
  const { id } = await t.make('clients', { name: 'OPSKEEP DEMO MSP' });
  await expect(make(0)).rejects.toThrow('already exists');
  expect(await t.sql("SELECT email FROM users WHERE email LIKE '%@msp.example'")).toEqual([]);
  expect(await t.sql('SELECT name FROM clients')).toEqual([{ name: 'OPSKEEP DEMO MSP' }]);
  await t.http('DELETE', `/api/clients/${id}`);
});

test('the demo has something for every list and sums of time that was billed, once', async () => {
  const made = await make(1);
  expect(made.find(one => one.resource === 'clients')?.created).toBe(6);
  const empty: string[] = [];
  for (const [path] of RESOURCES.filter(([, spec]) => !spec.routes || spec.routes.includes('list')))
    if ((await t.http('GET', `/api/${path}`, { query: { limit: 1 } })).body.items.length === 0)
      empty.push(path);
  expect(empty.sort()).toEqual(NOT_IN_IT);
  const summary = await t.http('GET', '/api/billable-time/summary', {
    query: { from: '2000-01-01', to: '2100-01-01', group_by: 'month', status: 'billed' },
  });
  expect([summary.status, (summary.body.groups as unknown as object[]).length > 5]).toEqual([200, true]);
  const listed = async (path: string, query: object) =>
    (await t.http('GET', `/api/${path}`, { query: { ...query } })).body.items;
  // What came by events: a decision that replaced another, a state that talks have told of, and what they came to.
  expect((await listed('decision-logs', { status: 'superseded' })).length).toBe(firms.length);
  expect((await listed('conversation-contexts', { source: 'hook' })).length).toBe(4 * firms.length);
  const [state] = await listed('project-states', {});
  expect(state).toMatchObject({
    phase: 'operation',
    blockers: null,
    key_files: expect.arrayContaining(['runbooks/restore.md']),
  });
  const again = await make(1);
  expect(again.filter(one => one.created > 0)).toEqual([]);
});

test('the years of a client are the same for the same day', () => {
  const [firm] = firms;
  if (!firm) throw new Error('There are no firms');
  const years = () => workOf(firm, 3, new Calendar('2026-01-31'), new Random(1));
  expect(years()).toEqual(years());
  expect(years().filter(one => one.path === 'sessions').length).toBeGreaterThan(50);
});
