import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Machine, makeMachine, toldBy, until } from './machine.js';
import { startStub, type Stub, taking } from './stub.js';

jest.setTimeout(120_000);

const EVENTS = [
  'SessionStart',
  'UserPromptSubmit',
  'PostToolUse',
  'PostToolUseFailure',
  'Stop',
  'PreCompact',
  'PostCompact',
  'SessionEnd',
];
const TOKEN = 'okt_CANARYtokenOfTheHooks';
const SECRET = 'CANARY9xQ2mW7vT4kR8pL3nZ6bD1fG5hJ0s';

/** Two at a time, as there are processors: a hook that has to wait for one is late. */
async function inTurn<T>(works: (() => Promise<T>)[]): Promise<T[]> {
  const done: T[] = [];
  for (let n = 0; n < works.length; n += 2)
    done.push(...(await Promise.all(works.slice(n, n + 2).map(work => work()))));
  return done;
}

describe('the hooks', () => {
  let stub: Stub;
  let machine: Machine;
  /** Another process brings events away meanwhile. */
  const lastAsked = () => stub.got.findLast(one => one.path.endsWith('/recall'))?.body;
  const spooledTexts = () =>
    machine.spooled().map(name => {
      const event: unknown = JSON.parse(readFileSync(join(machine.server(), 'spool', name), 'utf8'));
      return (event as { text: string }).text;
    });

  beforeEach(async () => {
    stub = await startStub();
    machine = await makeMachine({ url: stub.url, token: TOKEN });
  });
  afterEach(async () => {
    await stub.close();
    machine.remove();
  });

  test('end well whatever they are told, and say nothing or JSON', async () => {
    const huge = JSON.stringify({
      session_id: 's',
      prompt: `a ${'\u{1f600}'.repeat(2_500_000)}`,
      last_assistant_message: 'x',
    });
    const payloads = [
      '',
      'no JSON',
      '[]',
      'null',
      '{"prompt":5,"session_id":{}}',
      '\ufeff{}',
      '{"prompt":"a\\u0000b\\ud800"}',
    ];
    const runs = await inTurn([
      ...payloads.map(payload => () => machine.hook('UserPromptSubmit', payload)),
      ...EVENTS.map(
        event => () => machine.hook(event, '{"tool_input":[],"tool_name":"X","cwd":"C:\\\\no\\\\such"}'),
      ),
      () => machine.hook('UserPromptSubmit', huge),
      () => machine.hook('Nonsense'),
    ]);
    for (const { code, stdout, stderr } of runs)
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
    const texts = spooledTexts();
    expect(texts.every(one => one.isWellFormed() && !one.includes('\0') && one.length <= 32_000)).toBe(true);
    expect(texts).toContain('ab\ufffd');
    expect(Math.max(...texts.map(one => one.length))).toBeGreaterThan(31_990);
  });

  test('tell in ASCII, under the limit of the host, and only what is new', async () => {
    const items = [1, 2].map(n => ({
      id: `id-${n}`,
      type: 'conversation_turn',
      title: null,
      text: 'Größe',
      at: '2026-01-01',
    }));
    stub.answer = () => ({
      body: { items, markdown: `# Grüße\n\n- id-1 ${'ß'.repeat(900)}\n- id-2 ${'ü'.repeat(2_000)}` },
    });
    const first = await machine.hook('UserPromptSubmit', { prompt: 'Was ist die Größe?' });
    expect(first.stdout).toMatch(/^[\x20-\x7e]+\n$/);
    expect(first.stdout.length).toBeLessThan(10_000);
    expect(toldBy(first)).toContain('Grüße');
    await machine.hook('UserPromptSubmit', { prompt: 'Was ist die Größe?' });
    // What was cut off for want of room was not told.
    expect(JSON.parse(lastAsked() ?? '{}')).toMatchObject({
      exclude_ids: ['id-1'],
      project_name: 'acme-firewall',
    });
    await machine.hook('SessionStart', { source: 'clear' });
    await machine.hook('UserPromptSubmit', { prompt: 'Was ist die Größe?' });
    expect(JSON.parse(lastAsked() ?? '{}').exclude_ids).toEqual([]);
  });

  test('with the server silent cost no more than their deadline, and remember', async () => {
    const items = [
      {
        id: 'id-1',
        type: 'conversation_turn',
        title: null,
        text: 'The gateway fw-acme-01 speaks IKEv2',
        at: '2026-01-01',
      },
    ];
    stub.answer = () => ({ body: { items, markdown: `- id-1 ${items[0]?.text}` } });
    await machine.hook('UserPromptSubmit', { prompt: 'Which protocol does the gateway speak?' });
    stub.answer = () => ({ wait: 60_000 });
    const began = performance.now();
    const late = await machine.hook('UserPromptSubmit', {
      prompt: 'Does the gateway fw-acme-01 need IKEv1?',
      session_id: 'other',
    });
    // Its deadline of 1.2 seconds, which begins when the process has started, on a machine that may be very busy.
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(toldBy(late)).toMatch(/^<opskeep-recall>\nOffline: [^]*IKEv2/);
    expect(machine.spooled()).toHaveLength(2);
    expect(machine.log()).toContain('ETIMEDOUT');
  });

  test('put no secret on the disk, into the log or on the way', async () => {
    stub.answer = () => ({ status: 500, body: { error: SECRET } });
    const said = [
      `export API_TOKEN=${SECRET}`,
      `<private>${SECRET}</private>`,
      `ghp_${SECRET}`,
      `https://bob:${SECRET}@host/x`,
    ].join('\n');
    const input = {
      file_path: `/srv/${said}`,
      command: `mysql -p${SECRET} shop\n${said}`,
      url: `https://x.example/?token=${SECRET}`,
    };
    await inTurn([
      () => machine.hook('UserPromptSubmit', { prompt: said, session_id: `token=${SECRET}` }),
      () => machine.hook('Stop', { last_assistant_message: `${'x '.repeat(16_000)}${said}` }),
      () => machine.hook('PostCompact', { compact_summary: said, trigger: `password=${SECRET}` }),
      () =>
        machine.hook('PostToolUse', {
          tool_name: 'Write',
          tool_input: input,
          tool_response: { stdout: said },
        }),
      () =>
        machine.hook('PostToolUse', {
          tool_name: 'Bash',
          tool_input: { command: input.command },
          tool_response: said,
        }),
      () =>
        machine.hook('PostToolUse', { tool_name: 'WebFetch', tool_input: { url: input.url, prompt: said } }),
      () => machine.hook('UserPromptSubmit', `{"prompt": "${SECRET}`),
    ]);
    await until(() => stub.got.some(one => one.path.endsWith('/events')));
    expect(machine.spooled().length).toBeGreaterThanOrEqual(6);
    expect(machine.disk()).not.toContain('CANARY');
    expect(JSON.stringify(stub.got)).not.toContain('CANARY');
    for (const name of machine.spooled())
      expect(statSync(join(machine.server(), 'spool', name)).mode & 0o777).toBe(0o600);
    expect(statSync(join(machine.server(), 'spool')).mode & 0o777).toBe(0o700);
  });

  test('keep one line of a tool, and none of our own', async () => {
    const use = (tool_name: string, tool_input: object, tool_response: unknown) =>
      machine.hook('PostToolUse', { tool_name, tool_input, tool_response });
    await use('Edit', { file_path: join(machine.work, 'src', 'a.ts') }, {});
    await use('Bash', { command: 'npm test\nnpm run x' }, { interrupted: true });
    await use('WebFetch', { url: 'https://acme.example/x' }, { code: 404 });
    await use('mcp__opskeep__recall', { query: 'x' }, {});
    await machine.hook('PostToolUseFailure', {
      tool_name: 'Bash',
      tool_input: { command: 'npm ci' },
      error: 'exit code 1',
    });
    const texts = spooledTexts();
    expect(texts).toEqual([
      'Edit src/a.ts: ok',
      'Bash npm test: interrupted',
      'WebFetch https://acme.example/x: failed',
      'Bash npm ci: failed',
    ]);
  });

  test('lose nothing and double nothing when they are killed on the way', async () => {
    const taken = new Map<string, { text: string }>();
    // The server takes them, and the one who brought them is dead before it hears so.
    stub.answer = (path, body) => ({
      ...taking(taken)(path, body),
      wait: path.endsWith('/events') ? 60_000 : 0,
    });
    await machine.hook('Stop', { last_assistant_message: 'One' });
    await until(() => taken.size === 1);
    const lock = join(machine.server(), 'upload.lock');
    process.kill(Number(readFileSync(lock, 'utf8')), 'SIGKILL');
    await machine.hook('PostToolUse', { tool_name: 'Bash', tool_input: { command: 'true' } });
    expect(machine.spooled()).toHaveLength(2);
    stub.answer = taking(taken);
    await Promise.all([
      machine.hook('Stop', { last_assistant_message: 'Two' }),
      machine.hook('Stop', { last_assistant_message: 'Three', session_id: 'b' }),
    ]);
    await until(() => machine.spooled().length === 0);
    expect([...taken.values()].map(one => one.text).sort()).toEqual(['Bash true: ok', 'One', 'Three', 'Two']);
  });

  test('wait for a server that is away, and put aside what it refuses', async () => {
    stub.answer = () => ({ status: 503 });
    await machine.hook('Stop', { last_assistant_message: 'One' });
    await until(() => machine.log().includes('503'));
    expect(machine.spooled()).toHaveLength(1);
    stub.answer = (_path, body) => {
      const { events } = JSON.parse(body) as { events: { key: string; text: string }[] };
      const error = { error: 'No', code: 'validation' };
      return {
        body: {
          results: events.map(one =>
            one.text === 'Bad'
              ? { key: one.key, status: 'refused', error }
              : { key: one.key, status: 'stored' },
          ),
        },
      };
    };
    await machine.hook('PostCompact', { compact_summary: 'Bad' });
    const told = await machine.run(['hooks', 'upload', '--json']);
    expect([told.json(), told.code]).toEqual([
      expect.objectContaining({ stored: 1, refused: 1, waiting: 0, stopped: null }),
      1,
    ]);
    expect((await machine.run(['hooks', 'status', '--json'])).json()).toMatchObject({ failed: 1 });
    stub.answer = taking(new Map());
    expect((await machine.run(['hooks', 'upload', '--failed', '--json'])).json()).toMatchObject({
      retried: 1,
      stored: 1,
      waiting: 0,
    });
  });

  test('say in the log when the spool takes nothing, and are silent when switched off', async () => {
    mkdirSync(machine.server(), { recursive: true });
    writeFileSync(join(machine.server(), 'spool'), 'a file');
    expect(await machine.hook('Stop', { last_assistant_message: 'One' })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect(machine.log()).toMatch(
      /Stop: an event was not saved: the spool cannot be written to \((?:EEXIST|ENOTDIR)\)/,
    );
    rmSync(machine.state, { recursive: true });
    await machine.hook('Stop', { last_assistant_message: 'One' }, { OPSKEEP_HOOKS: 'off' });
    expect(machine.spooled()).toEqual([]);
  });
});
