import { startApp, type TestApp } from '../app.js';
import { inTime, type Machine, makeMachine, openDoor, toldBy, until } from './machine.js';

jest.setTimeout(120_000);

/** What one machine saves, another recalls: the hooks run as processes, and the server is the real one. */
describe('two machines', () => {
  let t: TestApp;
  let first: Machine;
  let second: Machine;
  let door: Awaited<ReturnType<typeof openDoor>>;
  const turns = async () =>
    (await t.sql<{ n: number }>('SELECT COUNT(*) AS n FROM conversation_turns'))[0]?.n;

  beforeAll(async () => {
    t = await startApp();
    door = await openDoor(t);
    first = await makeMachine({ ...door, remote: 'git@git.acme.example:msp/acme-firewall.git' });
    second = await makeMachine({
      ...door,
      remote: 'https://git.acme.example/msp/acme-firewall',
      folder: 'fw',
    });
  });
  afterAll(async () => {
    first?.remove();
    second?.remove();
    await t?.close();
  });

  const SAID =
    'The VPN of Acme dropped every 8 hours because the lifetime of phase 2 on fw-acme-01 was 28800 and the branch had 3600. ' +
    'Decision: both sides use 3600 seconds, because the branch router accepts nothing longer.';

  test('a session on the first is saved as it goes', async () => {
    expect(await first.hook('SessionStart', { source: 'startup', model: 'a-model' })).toMatchObject({
      code: 0,
      stderr: '',
    });
    const asked = await first.hook('UserPromptSubmit', {
      prompt: 'Why does the VPN of Acme drop on fw-acme-01?',
      prompt_id: 'p1',
    });
    expect(asked).toMatchObject({ code: 0, stdout: '', stderr: '' });
    await first.hook('PostToolUse', {
      tool_name: 'Edit',
      tool_use_id: 'toolu_1',
      tool_input: {
        file_path: `${first.work}/ipsec.conf`,
        old_string: 'lifetime=28800',
        new_string: 'lifetime=3600',
      },
      tool_response: { filePath: `${first.work}/ipsec.conf` },
    });
    expect(first.spooled()).toHaveLength(2);
    expect(
      await first.hook('Stop', { stop_hook_active: false, last_assistant_message: SAID, prompt_id: 'p1' }),
    ).toMatchObject({
      code: 0,
      stdout: '',
    });
    await until(async () => first.spooled().length === 0 && Number(await turns()) === 3);
  });

  test('the second is told at its start where the project stands', async () => {
    const begun = { source: 'startup', session_id: 'session-2' };
    const told = toldBy(await inTime(second, () => second.hook('SessionStart', begun)));
    expect(told).toContain('phase 2 on fw-acme-01');
    expect(told).toMatch(/^<opskeep-recall>\n/);
    // A session that goes on has it already; one whose conversation was compacted has not.
    expect(toldBy(await second.hook('SessionStart', { source: 'resume', session_id: 'session-2' }))).toBe('');
    const compacted = { source: 'compact', session_id: 'session-2' };
    const again = await inTime(second, () => second.hook('SessionStart', compacted));
    expect(toldBy(again)).toContain('fw-acme-01');
  });

  test('and on a prompt that is about it, once', async () => {
    const prompt = {
      prompt: 'How long may the lifetime of phase 2 on fw-acme-01 be?',
      session_id: 'session-3',
    };
    const told = toldBy(
      await inTime(second, () => second.hook('UserPromptSubmit', { ...prompt, prompt_id: 'a' })),
    );
    expect(told).toContain('3600');
    const again = toldBy(await second.hook('UserPromptSubmit', { ...prompt, prompt_id: 'b' }));
    expect(again).not.toContain('28800');
    expect(
      toldBy(
        await second.hook('UserPromptSubmit', { prompt: 'Bake a cake with plums', session_id: 'session-3' }),
      ),
    ).toBe('');
  });

  test('what was recalled is not saved as if it had been said', async () => {
    const before = Number(await turns());
    const asked = { prompt: 'What did we decide about phase 2 of fw-acme-01?', session_id: 'session-4' };
    const told = toldBy(await inTime(second, () => second.hook('UserPromptSubmit', asked)));
    expect(told).toContain('3600');
    await second.hook('Stop', {
      last_assistant_message: `I know: ${told} So we go on.`,
      session_id: 'session-4',
    });
    await until(async () => second.spooled().length === 0 && Number(await turns()) > before);
    const [row] = await t.sql<{ text: string }>(
      "SELECT text FROM conversation_turns WHERE session_key = 'session-4' AND speaker = 'assistant'",
    );
    expect(row?.text).toBe('I know:  So we go on.');
  });

  test('a remote that only this machine understands is none: what is saved is found by the name', async () => {
    const third = await makeMachine({ ...door, remote: 'mirrors/ferry', folder: 'ferry-tickets' });
    const said = 'The turnstile of the ferry needs firmware 7.3. Decision: it is updated on Mondays.';
    await third.hook('Stop', { last_assistant_message: said });
    await until(() => third.spooled().length === 0);
    const begun = { source: 'startup', session_id: 'session-5' };
    const told = await inTime(third, () => third.hook('SessionStart', begun));
    third.remove();
    expect(toldBy(told)).toContain('turnstile');
  });

  test('a checkpoint is called by what was said, and where the files stand is beside it', async () => {
    const kept = await first.run(['checkpoint', 'The tunnel of fw-acme-01 is up again.']);
    expect([kept.code, kept.stderr]).toEqual([0, '']);
    await until(() => first.spooled().length === 0);
    const rows = await t.sql("SELECT title FROM conversation_contexts WHERE context_type = 'checkpoint'");
    expect(rows).toEqual([{ title: 'The tunnel of fw-acme-01 is up again.' }]);
  });
});
