import { createHash, randomUUID } from 'node:crypto';
import { withoutPassword } from '../src/memory/projects/remote.js';
import { startApp, type TestApp } from './app.js';

const TOKEN = 'ghp_CANARY1234567890abcdefghijklmnopqrstuv';
const REMOTES = [
  `https://git.example.com/a/r?access_token=${TOKEN}`,
  `git.example.com:a/r?token=${TOKEN}`,
  `https://git.example.com/${TOKEN}/r`,
  `https://git.example.com/a/r#token=${TOKEN}`,
  `https:/\\/x:${TOKEN}@git.example.com/a/r`,
  `https:/x:${TOKEN}@git.example.com/a/r`,
  `https://a:p@ss${TOKEN}@git.example.com/a/r`,
  `https://a:p/ss${TOKEN}@git.example.com/a/r`,
  `ssh://a:p@ss${TOKEN}@git.example.com/a/r`,
  `a:p@${TOKEN}@git.example.com:a/r`,
  `${TOKEN}@git.example.com:a/r`,
];

it.each(REMOTES)('tells no secret of %s', remote => {
  expect(withoutPassword(remote) ?? '').not.toContain('CANARY');
});

it.each([
  ['https://someone@git.example.com:8443/msp/tool.git', 'https://git.example.com:8443/msp/tool.git'],
  ['git@git.example.com:msp/tool.git', 'git@git.example.com:msp/tool.git'],
  ['ssh://git:CANARY@git.example.com:22/msp/tool', 'ssh://git@git.example.com:22/msp/tool'],
  ['git.example.com/msp/tool', 'git.example.com/msp/tool'],
  ['/home/somebody/tool', undefined],
  ['file:///home/somebody/tool', undefined],
  ['C:\\tool', undefined],
])('makes of %s', (remote, told) => expect(withoutPassword(remote)).toBe(told));

describe('events', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.close());

  const event = (key: string, more: object = {}) => ({
    key,
    kind: 'checkpoint',
    at: '2026-03-02T10:00:00Z',
    session_key: 's',
    project: { name: 'tool' },
    text: 'What was done',
    ...more,
  });
  const take = async (...events: object[]) => {
    const { body } = await t.http('POST', '/api/memory/events', { body: { events } });
    return (body as unknown as { results: { status: string; id: string }[] }).results;
  };

  it('leave no secret of a remote, a commit or a key anywhere', async () => {
    const told = REMOTES.map((remote, n) => event(`k${n}`, { project: { name: `p${n}`, remote } }));
    const results = await take(...told, event('git', { git: { commit: 'CANARY-no-commit' } }), event(TOKEN));
    expect(results.map(one => one.status)).toEqual([...REMOTES, 'git'].map(() => 'stored').concat('refused'));
    for (const url of REMOTES) {
      const body = { name: 'x', category: 'website', repository_url: url };
      const answer = await t.http('POST', '/api/projects', { body });
      expect([url, answer.status]).toEqual([url, 422]);
      expect(answer.text).not.toContain('CANARY');
    }
    for (const table of ['projects', 'journal', 'memory_events', 'conversation_contexts', 'recall_entries'])
      expect([table, JSON.stringify(await t.sql(`SELECT * FROM ${table}`)).includes('CANARY')]).toEqual([
        table,
        false,
      ]);
  });

  it('have whatever key a client makes', async () => {
    const hash = createHash('sha256').update(randomUUID()).digest();
    const keys = [
      hash.toString('hex'),
      hash.toString('base64url'),
      `${randomUUID()}:42`,
      `hook:${hash.toString('hex')}`,
    ];
    expect((await take(...keys.map(key => event(key)))).map(one => one.status)).toEqual(
      keys.map(() => 'stored'),
    );
  });
});
