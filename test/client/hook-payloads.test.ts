import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeClone, type Left, type Machine, makeMachine } from './machine.js';
import { startStub, type Stub } from './stub.js';

jest.setTimeout(60_000);

interface Event {
  text: string;
  kind: string;
  project: { name: string; path: string; remote?: string };
  title?: string;
}

/** Events by the JSON that the host documents for each, from wherever it runs. */
describe('a hook is told', () => {
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
  const spooled = () =>
    machine
      .spooled()
      .map(name => JSON.parse(readFileSync(join(machine.server(), 'spool', name), 'utf8')) as Event);
  const well = ({ code, stdout, stderr }: Left) => expect([code, stdout, stderr]).toEqual([0, '', '']);

  test.each([
    ['C:\\Users\\Jürgen\\acme-firewall', '\\'],
    ['\\\\fileserver\\Größe\\acme-firewall', '\\'],
  ])('of work in %s', async (cwd, slash) => {
    const transcript_path = `${cwd}${slash}.claude${slash}a.jsonl`;
    const file_path = [cwd, 'src', 'Maße', 'a.ts'].join(slash);
    const all = { cwd, transcript_path };
    well(await machine.hook('UserPromptSubmit', { ...all, prompt: 'Was ist in C:\\Users\\Jürgen\\x?' }));
    const edit = { tool_name: 'Edit', tool_use_id: 'a', tool_input: { file_path }, tool_response: {} };
    well(await machine.hook('PostToolUse', { ...all, ...edit, duration_ms: 3 }));
    const other = { tool_name: 'Write', tool_use_id: 'b', tool_input: { file_path: 'D:\\other\\b.ts' } };
    well(await machine.hook('PostToolUseFailure', { ...all, ...other, error: 'No', is_interrupt: false }));
    well(await machine.hook('Stop', { ...all, stop_hook_active: false, last_assistant_message: 'Größe: 3' }));
    const events = spooled();
    expect(events.map(one => one.text)).toEqual([
      'Was ist in C:\\Users\\Jürgen\\x?',
      'Edit src/Maße/a.ts: ok',
      'Write D:\\other\\b.ts: failed',
      'Größe: 3',
    ]);
    expect(events.map(one => one.project)).toEqual(Array(4).fill({ name: 'acme-firewall', path: cwd }));
  });

  test('what nobody said by the prompt of a task in the background', async () => {
    stub.answer = () => ({ body: { items: [], markdown: 'nothing' } });
    const prompt =
      '<task-notification>\n<task-id>t-1</task-id>\n<summary>Done</summary>\n</task-notification>';
    well(await machine.hook('UserPromptSubmit', { prompt }));
    expect([spooled(), stub.got]).toEqual([[], []]);
  });

  test('the project that a session began in where it goes into a folder of nobody', async () => {
    makeClone(machine.work, 'git@git.acme.example:msp/acme.git');
    const away = join(machine.home, 'scratch');
    mkdirSync(away);
    const began = { CLAUDE_PROJECT_DIR: machine.work };
    well(await machine.hook('Stop', { cwd: away, last_assistant_message: 'One' }, began));
    const other = join(machine.home, 'other');
    mkdirSync(other);
    makeClone(other);
    well(await machine.hook('Stop', { cwd: other, last_assistant_message: 'Two' }, began));
    expect(spooled().map(one => `${one.text}: ${one.project.name}`)).toEqual([
      'One: acme-firewall',
      'Two: other',
    ]);
  });

  test('of a session that goes on from another, which knows where the project stands', async () => {
    stub.answer = () => ({ body: { markdown: 'The state' } });
    well(await machine.hook('SessionStart', { source: 'fork', session_id: 'forked' }));
    expect(stub.got).toEqual([]);
    expect((await machine.hook('SessionStart', { source: 'clear', session_id: 'forked' })).stdout).toContain('The state'); // prettier-ignore
  });
});
