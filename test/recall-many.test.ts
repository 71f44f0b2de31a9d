import { TermStatistics } from '../src/memory/recall/term-statistics.service.js';
import { startApp, type TestApp } from './app.js';

let t: TestApp;
let large: string;
let small: string;
beforeAll(async () => {
  t = await startApp();
  const client_id = await t.client();
  large = (await t.make('projects', { client_id, name: 'Large' })).id;
  small = (await t.make('projects', { client_id, name: 'Small' })).id;
  await say(small, 'The scanner on the roof is blue');
  await say(large, ...Array.from({ length: 30 }, (_, n) => `scanner 47${n}`));
  await t.app.get(TermStatistics).refresh();
  // As if very many others had the word: more than are read for one question.
  await t.change("UPDATE recall_terms SET documents = 50000 WHERE term = 'wwscanner'");
  await t.change("UPDATE recall_terms SET documents = 90000 WHERE term = ''");
});
afterAll(() => t.close());

async function say(project_id: string, ...texts: string[]): Promise<void> {
  const items = texts.map((text, n) => ({
    project_id,
    session_key: `${project_id} ${text}`,
    at: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
    speaker: 'user',
    sequence: 1,
    text,
  }));
  expect((await t.http('POST', '/api/conversation-turns/bulk', { body: { items } })).status).toBeLessThan(
    300,
  );
}

const texts = async (query: string, project_id: string) => {
  const body = { query, project_id, min_relevance_score: 0, limit: 50 };
  const { items } = (await t.http('POST', '/api/conversation-contexts/recall', { body })).body;
  return items.map(({ text }) => text);
};

it('finds what has a word that everything has, in a project that has little of it', async () => {
  expect(await texts('where is the scanner', small)).toEqual(['The scanner on the roof is blue']);
  expect(await texts('scanner zeppelin', small)).toEqual(['The scanner on the roof is blue']);
});

it('answers a question of common words alone, and finds the rare one among them', async () => {
  expect((await texts('scanner', large)).length).toBeGreaterThan(10);
  expect((await texts('scanner 4711', large))[0]).toBe('scanner 4711');
});
