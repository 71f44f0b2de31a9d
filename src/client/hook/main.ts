import { writeSync } from 'node:fs';
import { surroundings } from '../environment.js';
import { HookContext } from './context.js';
import { type Payload, readPayload } from './payload.js';
import { prompted } from './prompt.js';
import { sessionStart } from './session-start.js';
import { compacted, passing, stopped } from './stop.js';
import { toolUsed } from './tool.js';

type Handler = (payload: Payload, context: HookContext) => Promise<string | undefined> | string | undefined;

/** What answers to each event of the host, and milliseconds after the start by which it asks and waits no more. */
const EVENTS: Record<string, { handle: Handler; deadline: number }> = {
  SessionStart: { handle: sessionStart, deadline: 2_500 },
  UserPromptSubmit: { handle: prompted, deadline: 1_200 },
  PostToolUse: { handle: toolUsed, deadline: 10_000 },
  PostToolUseFailure: { handle: toolUsed, deadline: 10_000 },
  Stop: { handle: stopped, deadline: 10_000 },
  PreCompact: { handle: passing, deadline: 5_000 },
  PostCompact: { handle: compacted, deadline: 10_000 },
  SessionEnd: { handle: passing, deadline: 1_200 },
};

/** A machine that is busy may be late with the payload itself: what is in it is saved all the same. */
const GRACE_MS = 1_000;

/** `hook.cjs upload`: what the other events start beside themselves. It ends by itself, whatever the server does. */
async function bringAway(): Promise<void> {
  const { upload } = await import('../spool/upload.js');
  const context = new HookContext('upload', Infinity);
  await upload(context.connection, context.state, context.log);
}

/**
 * `hook.cjs <event>`: reads what the host says, does what belongs to the event, and answers with JSON or nothing. Whatever
 * happens, the exit code is 0: no session is stopped because of its memory.
 */
export async function run(name: string): Promise<void> {
  const found = EVENTS[name];
  if (surroundings().variable('OPSKEEP_HOOKS') === 'off') return;
  if (name === 'upload') return bringAway();
  if (!found) return;
  const late = setTimeout(() => process.exit(0), found.deadline + GRACE_MS);
  const context = new HookContext(name, found.deadline);
  try {
    const payload = await readPayload();
    if (!payload) return context.log.warn(name, 'what the host said is no object of JSON');
    const { url, fault = 'no server is configured' } = context.connection;
    // What is kept is kept for one server.
    if (!url) return context.log.warn(name, `${fault}: nothing is kept`);
    const answer = await found.handle(payload, context);
    // The stream of stdout would have to be made first.
    if (answer) writeSync(1, `${answer}\n`);
  } catch (error) {
    context.log.warn(name, (error as Error).message);
  } finally {
    clearTimeout(late);
  }
}
