import { TermStatistics } from '../src/memory/recall/term-statistics.service.js';
import { type Body, startApp, type TestApp } from './app.js';

let t: TestApp;
let own: string;
let hidden: string;
let as_of: string;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  t = await startApp();
  own = (await t.make('clients', { name: 'Acme' })).id;
  hidden = (await t.make('clients', { name: 'Zanzibar Ferries' })).id;
  tokens.only = (await t.user({ client_access: 'only', client_ids: [own] })).token;
  tokens.except = (await t.user({ client_access: 'except', client_ids: [hidden] })).token;
  for (const n of [1, 2, 3])
    await t.make('context-snippets', {
      client_id: own,
      content: `Kumquat ${n}${n}${n} lives in the shed`,
      tags: ['fruit'],
    });
  await refresh();
  as_of = new Date(Date.now() + 60_000).toISOString();
});
afterAll(() => t.close());

const refresh = () => t.app.get(TermStatistics).refresh();

/** All that an answer tells. As of a time: what was told before does not count as used. */
async function answers(query: string, token = tokens.only) {
  const body: Body = { query, as_of, min_relevance_score: 0, explain: true };
  return (await t.http('POST', '/api/conversation-contexts/recall', { body, token })).body;
}

const QUERIES = [
  'kumquat xylophone',
  'kumquat fw-77.harbour.local',
  'kumquat on 2026-03-04',
  'kumquat Zanzibar',
  'kumquat fruit sailcloth',
  'kumquat lives xylophone shed Zanzibar fw-77.harbour.local',
  'xylophone',
];
const asked = async () => {
  const all: unknown[] = [];
  for (const token of Object.values(tokens))
    for (const query of QUERIES) all.push(await answers(query, token));
  return all;
};

it('tells nobody what rows have that they do not see: no score changes with what is stored there', async () => {
  const before = await asked();
  const content = 'The xylophone, kumquat and fw-77.harbour.local moved on 2026-03-04 to the shed';
  for (const n of [1, 2, 3, 4, 5])
    await t.make('context-snippets', {
      client_id: hidden,
      content: `${content}: ${n}`,
      tags: ['sailcloth', 'fruit'],
    });
  await refresh();
  expect(await asked()).toEqual(before);
  expect((await t.sql("SELECT term FROM recall_terms WHERE term = 'wwxylophon'", [])).length).toBe(1);
  // As if others had very many of them: more than are read for one question.
  await t.change(`UPDATE recall_terms SET documents = 90000 WHERE holder = '${hidden}'`);
  expect(await asked()).toEqual(before);
});

it('scores a word that others alone have like one that nobody has', async () => {
  const scores = async (query: string) =>
    (await answers(query)).items.map(({ id, score, parts }) => ({ id, score, parts }));
  const unknown = await scores('kumquat qwertzuiop');
  expect(unknown).toHaveLength(3);
  expect(await scores('kumquat xylophone')).toEqual(unknown);
  expect(await scores('kumquat Zanzibar')).toEqual(unknown);
  const { body } = await t.http('POST', '/api/conversation-contexts/recall', {
    body: { query: 'kumquat xylophone', as_of, min_relevance_score: 0 },
  });
  expect(body.items[0]?.score).not.toBe(unknown[0]?.score);
});

it('counts a word for those who see the rows that have it', async () => {
  const rows = await t.sql<{ holder: string; documents: number }>(
    "SELECT holder, documents FROM recall_terms WHERE term = 'wwkumquat' AND documents < 90000",
    [],
  );
  expect(rows.map(({ holder, documents }) => [holder, Number(documents)])).toEqual([[own, 3]]);
});
