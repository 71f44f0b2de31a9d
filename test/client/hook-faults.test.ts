import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTime, type Machine, makeMachine, toldBy, until } from './machine.js';
import { startStub, type Stub, taking } from './stub.js';

jest.setTimeout(120_000);

const ITEM = { id: 'id-1', type: 'context', title: null, text: 'It speaks IKEv2', at: '2026-01-01' };
const PROMPT = { prompt: 'Which protocol does the gateway speak?' };

describe('the hooks', () => {
  let stub: Stub;
  let machine: Machine;
  beforeEach(async () => {
    stub = await startStub();
    machine = await makeMachine({ url: stub.url, token: 'okt_CANARY' });
  });
  afterEach(async () => {
    await stub.close();
    machine.remove();
  });
  const recalling = () =>
    (stub.answer = () => ({ body: { items: [ITEM], markdown: `- id-1 ${ITEM.text}` } }));
  const texts = () =>
    machine.spooled().map(name => {
      const event: unknown = JSON.parse(readFileSync(join(machine.server(), 'spool', name), 'utf8'));
      return (event as { text: string }).text;
    });

  test('on a full disk let the prompt through with what is recalled, and leave nothing half', async () => {
    recalling();
    const full = { fileBlocks: 0 };
    const told = await inTime(machine, () => machine.hook('UserPromptSubmit', PROMPT, {}, full));
    expect([told.code, told.stderr]).toEqual([0, '']);
    expect(toldBy(told)).toContain('IKEv2');
    const start = await inTime(machine, () => machine.hook('SessionStart', { source: 'startup' }, {}, full));
    expect(toldBy(start)).toContain('IKEv2');
    expect(machine.spooled()).toEqual([]);
  });

  test('on a disk with little room say what was not saved, and lose nothing that was', async () => {
    await machine.hook('PostToolUse', { tool_name: 'Bash', tool_input: { command: 'true' } });
    expect(texts()).toEqual(['Bash true: ok']);
    const room = { fileBlocks: 8 };
    const large = { last_assistant_message: 'A long answer. '.repeat(1_000) };
    for (let n = 0; n < 2; n++)
      expect(await machine.hook('Stop', large, {}, room)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(machine.log()).toMatch(
      /^\S+ Stop: an event was not saved: the spool cannot be written to \(EFBIG\)\n/m,
    );
    // What there was room for only in part is gone, or the disk would be fuller each time.
    expect(readdirSync(join(machine.server(), 'spool')).filter(one => one.endsWith('.tmp'))).toEqual([]);
    await machine.hook('PostToolUse', { tool_name: 'Bash', tool_input: { command: 'false' } }, {}, room);
    expect(texts()).toEqual(['Bash true: ok', 'Bash false: ok']);
    const taken = new Map<string, { text: string }>();
    stub.answer = taking(taken);
    expect((await machine.run(['hooks', 'upload', '--json'])).json()).toMatchObject({
      stored: 2,
      waiting: 0,
    });
  });

  test('killed whenever it may be leave whole events or none', async () => {
    const text = 'What was said. '.repeat(2_000);
    const input = (prompt_id: string) =>
      JSON.stringify({ session_id: 's', cwd: machine.work, prompt_id, last_assistant_message: text });
    for (let n = 0; n < 24; n++) {
      const [node, script, event] = machine.hookCommand('Stop');
      const child = spawn(node, [script, event], {
        cwd: machine.work,
        env: machine.environment,
        stdio: 'pipe',
      });
      child.stdin.on('error', () => undefined).end(input(`${n}`));
      const ended = new Promise(done => child.once('exit', done));
      // As soon as it has begun to write, and a little later each time.
      const folder = join(machine.server(), 'spool');
      mkdirSync(folder, { recursive: true });
      const before = readdirSync(folder).length;
      await until(() => readdirSync(folder).length > before || child.exitCode !== null);
      if (n % 3 > 0) await new Promise(done => setTimeout(done, n % 3));
      child.kill('SIGKILL');
      await ended;
    }
    expect(texts().every(one => one === text.trim())).toBe(true);
    const whole = machine.spooled().length;
    expect(whole).toBeGreaterThan(0);
    const taken = new Map<string, { text: string }>();
    stub.answer = taking(taken);
    await machine.hook('PostToolUse', { tool_name: 'Bash', tool_input: { command: 'true' } });
    expect((await machine.run(['hooks', 'upload'])).code).toBe(0);
    expect(taken.size).toBe(whole + 1);
    expect(machine.spooled()).toEqual([]);
  });

  test('of two sessions at once bring everything once, and tell each what it does not know', async () => {
    const taken = new Map<string, { text: string }>();
    const take = taking(taken);
    const asked: { exclude_session_key: string; exclude_ids: string[] }[] = [];
    stub.answer = (path, body) => {
      if (!path.endsWith('/recall')) return take(path, body);
      const wanted = JSON.parse(body) as (typeof asked)[number];
      asked.push(wanted);
      const isNew = !wanted.exclude_ids.includes(ITEM.id);
      return {
        body: isNew ? { items: [ITEM], markdown: `- id-1 ${ITEM.text}` } : { items: [], markdown: '' },
      };
    };
    const session = async (session_id: string) => {
      const told: string[] = [];
      for (const n of [1, 2]) {
        told.push(
          toldBy(await machine.hook('UserPromptSubmit', { ...PROMPT, session_id, prompt_id: `${n}` })),
        );
        await machine.hook('Stop', {
          session_id,
          prompt_id: `${n}`,
          last_assistant_message: `${session_id} ${n}`,
        });
      }
      return told;
    };
    const [left, right] = await Promise.all([session('left'), session('right')]);
    for (const told of [left, right]) expect(told).toEqual([expect.stringContaining('IKEv2'), '']);
    await until(() => machine.spooled().length === 0);
    const said = [...taken.values()].map(one => one.text).filter(one => one !== PROMPT.prompt);
    expect(said.sort()).toEqual(['left 1', 'left 2', 'right 1', 'right 2']);
    expect(taken.size).toBe(8);
    expect(asked).toHaveLength(4);
  });
});
