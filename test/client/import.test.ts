import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startApp, type TestApp } from '../app.js';
import { makeClone, type Machine, makeMachine, openDoor, until } from './machine.js';

jest.setTimeout(120_000);

const SECRET = 'CANARY9xQ2mW7vT4kR8pL3nZ6bD1fG5hJ0s';

interface Told {
  turns: number;
  notes: number;
  stored: number;
  repeated: number;
  refused: number;
  ignored: number;
  doubled: number;
  imported_before: number;
  sessions_of_hooks: number;
  broken: { file: string; line: number }[];
  categories: Record<string, number>;
  transcripts: { quality: number }[];
  projects: Record<string, number>;
}

describe('opskeep import', () => {
  let t: TestApp;
  let machine: Machine;
  const path = (name: string) => join(machine.work, name);
  const run = async (...args: string[]) => {
    const ran = await machine.run(['import', ...args, '--json']);
    // On a busy machine it takes long enough to tell how far it is, before whatever else it says.
    expect([ran.stderr.replace(/^(?:Bytes read: .*\n)*/, ''), ran.code]).toEqual(['', 0]);
    return ran.json<Told>();
  };
  const line = (type: string, text: unknown, more: object = {}) => {
    const message = { role: type, content: text };
    return JSON.stringify({
      type,
      sessionId: 'old-1',
      cwd: machine.work,
      timestamp: '2026-03-01T10:00:00Z',
      message,
      ...more,
    });
  };

  beforeAll(async () => {
    t = await startApp();
    machine = await makeMachine({ ...(await openDoor(t)), remote: 'git@git.acme.example:msp/import.git' });
    const text = (said: string) => [{ type: 'text', text: said }];
    const lines = [
      JSON.stringify({ type: 'summary', summary: 'A title', leafUuid: 'x' }),
      line('user', 'The printer of Acme Dental is silent, ticket AC-1187', { uuid: 'u1' }),
      '{"type":"user","message":{"content":"cut of',
      line(
        'assistant',
        [
          { type: 'thinking', thinking: 'hm' },
          ...text('Its queue on srv-print-02 hangs'),
          { type: 'tool_use', name: 'Bash' },
        ],
        { uuid: 'u2' },
      ),
      line('user', [{ type: 'tool_result', content: `password=${SECRET}` }], { uuid: 'u3' }),
      line('user', 'Aside, from a helper', { uuid: 'u4', isSidechain: true }),
      line('user', '<command-name>/clear</command-name>', { uuid: 'u5' }),
      line(
        'user',
        'The technician said the Active Directory group was missing.<system-reminder>no</system-reminder>',
        { uuid: 'u6' },
      ),
      line('user', 'This session is being continued: the queue of Acme was mended', {
        uuid: 'u7',
        isCompactSummary: true,
      }),
      line('assistant', text(`Fixed: the spooler was restarted. It used password=${SECRET} \u{1f600}`), {
        uuid: 'u8',
      }),
      JSON.stringify({ type: 'a-kind-of-next-year', payload: {} }),
    ];
    writeFileSync(path('old.jsonl'), `\ufeff${lines.join('\r\n')}\r\n`);
    writeFileSync(
      path('more.json'),
      JSON.stringify({
        id: 'chat-1',
        messages: [
          { role: 'user', content: 'Refactor src/rank.ts, npm test passes' },
          { role: 'assistant', content: 'Done.' },
        ],
      }),
    );
    writeFileSync(
      path('notes.markdown'),
      `# Network of Acme\n\nThe firewall is fw-acme-01.\n\n## Backup\n\nVeeam on nas-02, token=${SECRET}\n`,
    );
  });
  afterAll(async () => {
    machine?.remove();
    await t?.close();
  });

  test('tells what it would do', async () => {
    const told = await run('--dry-run', '.');
    expect(told).toMatchObject({
      turns: 7,
      notes: 2,
      stored: 0,
      ignored: 5,
      categories: { msp: 1, development: 1, general: 0 },
    });
    expect(told.broken).toEqual([{ file: 'old.jsonl', line: 3 }]);
    expect(told.transcripts.every(one => one.quality >= 0 && one.quality <= 10)).toBe(true);
    expect(await t.sql('SELECT id FROM conversation_turns')).toEqual([]);
  });

  test('brings everything once, and no secret', async () => {
    expect(await run('.')).toMatchObject({ stored: 9, repeated: 0, refused: 0 });
    const turns = await t.sql<{ speaker: string; text: string }>(
      'SELECT speaker, text FROM conversation_turns ORDER BY text',
    );
    expect(turns.map(one => `${one.speaker}: ${one.text}`)).toEqual([
      'assistant: Done.',
      'assistant: Fixed: the spooler was restarted. It used password=[redacted:password] \u{1f600}',
      'assistant: Its queue on srv-print-02 hangs',
      'user: Refactor src/rank.ts, npm test passes',
      'user: The printer of Acme Dental is silent, ticket AC-1187',
      'user: The technician said the Active Directory group was missing.',
    ]);
    const contexts = await t.sql<{ title: string }>('SELECT title FROM conversation_contexts');
    expect(contexts.map(one => one.title)).toContain('Summary of the conversation (imported)');
    expect(await t.sql('SELECT id FROM context_snippets')).toHaveLength(2);
    expect(
      JSON.stringify([
        turns,
        await t.sql('SELECT * FROM context_snippets'),
        await t.sql('SELECT * FROM conversation_contexts'),
      ]),
    ).not.toContain('CANARY');

    expect(await run('.')).toMatchObject({ stored: 0, repeated: 9, refused: 0 });
    expect(await t.sql('SELECT id FROM conversation_turns')).toHaveLength(6);
    const asked = await machine.run(['recall', 'what was wrong with the queue on srv-print-02?']);
    expect(asked).toMatchObject({ code: 0, stderr: '' });
    expect(asked.stdout).toContain('srv-print-02');
  });

  test('leaves out what hooks saved, what another file repeats, and what is marked as imported', async () => {
    const again = line('user', 'A session that hooks saw', { uuid: 'v1', sessionId: 'hooked' });
    await machine.hook('SessionStart', { source: 'startup', session_id: 'hooked' });
    const repeats = line('user', 'The printer of Acme Dental is silent, ticket AC-1187', {
      uuid: 'u1',
      sessionId: 'old-2',
    });
    writeFileSync(path('z-hooked.jsonl'), `${again}\n${repeats}\n`);
    expect(await run('.', '--tombstones')).toMatchObject({
      sessions_of_hooks: 1,
      doubled: 1,
      stored: 0,
      repeated: 9,
    });
    expect(existsSync(path('old.jsonl.imported'))).toBe(true);
    expect(await run('.', '--tombstones')).toMatchObject({ imported_before: 4, repeated: 0 });
    writeFileSync(path('z-hooked.jsonl'), `${again}\n`);
    expect(await run('.', '--tombstones', '--all')).toMatchObject({ imported_before: 3, stored: 1 });
  });

  test('brings nothing a second time that hooks have saved, and what is only worded alike once each', async () => {
    const session = { session_id: 'both', cwd: machine.work };
    await machine.hook('SessionStart', { ...session, source: 'startup' });
    await machine.hook('UserPromptSubmit', { ...session, prompt_id: 'p1', prompt: 'Go on with the crane' });
    await machine.hook('Stop', { ...session, prompt_id: 'p1', last_assistant_message: 'The crane is up.' });
    await until(() => machine.spooled().length === 0);
    const of = (n: number) => ({ uuid: `b${n}`, sessionId: 'both', promptId: `p${n}` });
    const lines = [
      line('user', 'Go on with the crane', of(1)),
      line('assistant', 'I look at it first.', { ...of(1), uuid: 'b1a', promptId: undefined }),
      line('user', [{ type: 'tool_result', content: 'x' }], { ...of(1), uuid: 'b1b' }),
      line('assistant', 'The crane is up.', { ...of(1), uuid: 'b1c', promptId: undefined }),
      line('user', 'Go on with the crane', of(2)),
      line('assistant', 'It stands.', { ...of(2), uuid: 'b2a', promptId: undefined }),
    ];
    mkdirSync(path('both'));
    writeFileSync(join(path('both'), 'both.jsonl'), lines.join('\n'));
    expect(await run('both')).toMatchObject({ sessions_of_hooks: 1, stored: 0 });
    // What was said on the way, and after hooks were switched off, no hook has told.
    expect(await run('both', '--all')).toMatchObject({ turns: 5, stored: 3, repeated: 2 });
    const rows = await t.sql<{ text: string }>(
      "SELECT text FROM conversation_turns WHERE session_key = 'both' ORDER BY text",
    );
    expect(rows.map(one => one.text)).toEqual([
      'Go on with the crane',
      'Go on with the crane',
      'I look at it first.',
      'It stands.',
      'The crane is up.',
    ]);
    rmSync(path('both'), { recursive: true });
  });

  test('says which project it goes to, and takes another', async () => {
    const folder = path('handbook');
    mkdirSync(folder);
    makeClone(folder, 'git@git.acme.example:msp/handbook.git');
    writeFileSync(join(folder, 'wiring.md'), 'The patch panel of Acme is in the cellar.');
    const dry = async (...args: string[]) => (await run('--dry-run', 'handbook', ...args)).projects;
    expect(await dry()).toEqual({ handbook: 1 });
    expect(await dry('--project', '.')).toEqual({ 'acme-firewall': 1 });
    expect(await dry('--project', 'https://git.acme.example/msp/rack.git')).toEqual({ rack: 1 });
    expect((await machine.run(['import', 'handbook', '--project', './nowhere'])).code).toBe(2);
    const words = await machine.run(['import', 'handbook', '--project', 'cellar']);
    expect([words.code, words.stdout]).toEqual([0, expect.stringContaining('project cellar: 1\n')]);
    expect(words.stdout).not.toMatch(/\b1 (?:files|turns|notes)|\b0 (?:msp|development|general)/);
    const rows = await t.sql<{ name: string }>(
      "SELECT p.name FROM context_snippets s JOIN projects p ON p.id = s.project_id WHERE s.content LIKE '%patch panel%'",
    );
    expect(rows).toEqual([{ name: 'cellar' }]);
    rmSync(folder, { recursive: true });
  });

  test('says what is not there', async () => {
    expect(await machine.run(['import', 'nowhere'])).toMatchObject({ code: 3, stdout: '' });
    writeFileSync(path('y.txt'), 'Notes of mine');
    expect(await machine.run(['import', 'y.txt'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/y\.txt is neither[^]*\.jsonl, \.json[^]*\.md, \.markdown/),
    });
    expect(await machine.run(['import'])).toMatchObject({ code: 2 });
    const asked = await machine.run(['recall', 'the colour of the zeppelin']);
    expect(asked).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/in the project acme-firewall\. .*--everywhere/),
    });
    const everywhere = await machine.run(['recall', '--everywhere', 'the colour of the zeppelin']);
    expect(everywhere.stdout).toMatch(/no project/);
    writeFileSync(path('new.markdown'), 'One thing more');
    const away = await machine.run(['import', '.', '--all'], '', { OPSKEEP_URL: 'http://127.0.0.1:9' });
    expect(away).toMatchObject({ code: 4, stdout: '' });
  });
});
