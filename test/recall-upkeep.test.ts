import { Upkeep } from '../src/memory/recall/upkeep.service.js';
import { startApp, type TestApp } from './app.js';

let t: TestApp;

beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const found = async (query: string) =>
  (await t.http('GET', '/api/conversation-contexts/recall', { query: { query } })).body.items.map(
    ({ id }) => id,
  );

/** As it is in an installation from before there was an index. */
async function forgetIndex(): Promise<void> {
  await t.change('DELETE FROM recall_index');
  await t.change('DELETE FROM recall_entries');
  await t.change('DELETE FROM recall_terms');
}

it('finds rows from before there was an index, and makes it once', async () => {
  const ids: string[] = [];
  for (const place of ['Bristol', 'Leeds', 'Derby']) {
    const content = `The spare key of the rack in ${place} hangs behind the door`;
    ids.push((await t.make('context-snippets', { client_id: null, content })).id);
  }
  const decision = await t.make('decision-logs', {
    client_id: null,
    decision_text: 'We leave the tape library behind',
  });
  await forgetIndex();
  expect(await found('spare key of the rack in Leeds')).toEqual([]);
  const journal = () => t.sql("SELECT COUNT(*) AS n FROM journal WHERE action <> 'memory.indexed'");
  const before = await journal();
  await t.app.get(Upkeep).run();
  expect((await found('spare key of the rack in Leeds'))[0]).toBe(ids[1]);
  expect(await found('do we leave the tape library?')).toEqual([decision.id]);
  const indexed = await t.sql<{ n: number }>('SELECT COUNT(*) AS n FROM recall_entries');
  await t.app.get(Upkeep).run();
  expect(await t.sql('SELECT COUNT(*) AS n FROM recall_entries')).toEqual(indexed);
  expect(await t.sql('SELECT COUNT(*) AS n FROM recall_index')).toEqual(indexed);
  expect(await journal()).toEqual(before);
});

it('leaves a new installation as it is', async () => {
  const fresh = await startApp();
  try {
    expect(await fresh.sql("SELECT documents FROM recall_terms WHERE term = ' version'")).toEqual([
      { documents: 2 },
    ]);
    await fresh.make('context-snippets', { client_id: null, content: 'The gate of the yard squeaks' });
    const entries = await fresh.sql('SELECT n FROM recall_entries');
    await fresh.app.get(Upkeep).run();
    expect(await fresh.sql('SELECT n FROM recall_entries')).toEqual(entries);
  } finally {
    await fresh.close();
  }
});

it('never puts back what is changed meanwhile', async () => {
  const row = await t.make('context-snippets', {
    client_id: null,
    content: 'The lift of the annexe is broken',
  });
  await t.change('DELETE FROM recall_terms');
  await Promise.all([
    t.app.get(Upkeep).run(),
    t.http('PATCH', `/api/context-snippets/${row.id}`, {
      body: { content: 'The escalator of the lobby is mended' },
    }),
  ]);
  expect(await found('lift of the annexe')).toEqual([]);
  expect(await found('escalator of the lobby')).toEqual([row.id]);
});
