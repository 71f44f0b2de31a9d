import { TermStatistics } from '../src/memory/recall/term-statistics.service.js';
import { speechOf } from '../src/memory/text/speech.js';
import { startApp, type TestApp } from './app.js';

let t: TestApp;
let client_id: string;
beforeAll(async () => {
  t = await startApp();
  client_id = await t.client();
});
afterAll(() => t.close());

interface Line {
  speaker: 'user' | 'assistant' | 'tool';
  text: string;
  /** ISO 8601. */
  at: string;
}

/** Turns as hooks store them: their place in a conversation is the second at which they were said. */
async function said(project_id: string, session_key: string, ...all: Line[]): Promise<void> {
  const items = all.map(one => ({
    ...one,
    project_id,
    session_key,
    sequence: Math.floor(Date.parse(one.at) / 1000),
  }));
  expect((await t.http('POST', '/api/conversation-turns/bulk', { body: { items } })).status).toBeLessThan(
    300,
  );
}

const project = async (name: string) => (await t.make('projects', { client_id, name })).id;
const recalled = async (query: string, project_id: string, more: object = {}) => {
  const body = { query, project_id, explain: true, ...more };
  return (await t.http('POST', '/api/conversation-contexts/recall', { body })).body.items;
};
const texts = async (query: string, project_id: string, more?: object) =>
  (await recalled(query, project_id, more)).map(({ text }) => text);

const QUESTION = 'which port does the gateway of the marina listen on?';

it('tells the answer, and not the question that was asked before or what a tool did', async () => {
  const id = await project('Gateway');
  const answer = 'The gateway of the marina listens on 4711 since the renewal';
  await said(id, 'first', { speaker: 'assistant', text: answer, at: '2026-01-05T09:00:00Z' });
  for (const [n, session] of ['second', 'third', 'fourth'].entries())
    await said(
      id,
      session,
      { speaker: 'user', text: QUESTION, at: `2026-02-0${n + 1}T09:00:00Z` },
      { speaker: 'tool', text: 'Bash nmap gateway.marina.example: ok', at: `2026-02-0${n + 1}T09:00:40Z` },
    );
  const found = await recalled(QUESTION, id);
  expect(found[0]?.text).toBe(answer);
  const parts = (text: string) => found.find(one => one.text === text)?.parts as { speech: number };
  expect(parts(answer).speech).toBe(1);
  expect(parts(QUESTION).speech).toBeLessThan(1);
});

it('finds the answer beside its question, however much later and however many tools it took', async () => {
  const id = await project('Lift');
  await said(
    id,
    'one',
    { speaker: 'user', text: 'who maintains the lift in the annexe?', at: '2026-01-05T09:00:00Z' },
    ...Array.from({ length: 6 }, (_, n): Line => ({ speaker: 'tool', text: `Read contracts/${n}.md: ok`, at: `2026-01-05T09:0${n + 1}:00Z` })),
    { speaker: 'assistant', text: 'Otis, under number 90210.', at: '2026-01-05T09:14:00Z' },
  ); // prettier-ignore
  expect((await texts('who maintains the lift in the annexe?', id))[0]).toBe('Otis, under number 90210.');
});

it('says nothing to a prompt that was typed before and is no question', async () => {
  const id = await project('Chores');
  for (const n of [1, 2, 3])
    await said(
      id,
      `chore ${n}`,
      { speaker: 'user', text: 'rename the variable to total', at: `2026-01-0${n}T09:00:00Z` },
      { speaker: 'assistant', text: 'Done.', at: `2026-01-0${n}T09:01:00Z` },
    );
  expect(await texts('rename the variable to total', id)).toEqual([]);
});

it('answers in a project that has just begun, where most words of a question are new', async () => {
  const own = await t.client();
  const { id } = await t.make('projects', { client_id: own, name: 'Begun' });
  const only = (await t.user({ client_access: 'only', client_ids: [own] })).token;
  const says = (text: string, minute: number): Line => ({ speaker: 'assistant', text, at: `2026-01-05T09:0${minute}:00Z` }); // prettier-ignore
  await said(
    id,
    'begun',
    says('Contract questions before the meeting on Thursday.', 0),
    says('95 an hour beyond the contract, in quarters of an hour.', 1),
    says('The printer in the lobby is out of paper again.', 2),
    says('I left a message, they will ring back.', 3),
  );
  await t.app.get(TermStatistics).refresh();
  const ask = async (query: string) =>
    (await t.http('POST', '/api/conversation-contexts/recall', { body: { query, project_id: id }, token: only })).body.items; // prettier-ignore
  expect((await ask('what is the hourly rate for extra work?'))[0]?.text).toMatch(/^95 an hour/);
  expect(await ask('write a limerick about a clumsy robot')).toEqual([]);
  expect(await ask('explain functional programming in two sentences')).toEqual([]);
});

it.each([
  ['user', 'when is the backup run', 'question'],
  ['user', 'They need a port forward. Do we do that, and who pays for it in the end?', 'question'],
  ['assistant', 'Could you start a test restore?', 'question'],
  ['user', 'can you commit this', 'question'],
  ['user', 'What they have is a FortiGate 60F.', 'statement'],
  ['assistant', 'It runs at 22:30, after the scan of antivirus. Shall I move it?', 'statement'],
  ['user', 'The firewall is at https://fw.example/?tab=1', 'statement'],
  ['user', '', 'statement'],
  ['tool', 'Bash npm test: ok', 'tool'],
])('takes what a %s says for what it is: %s', (speaker, text, speech) => {
  expect(speechOf(speaker, text)).toBe(speech);
});
