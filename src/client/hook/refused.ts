import { MEND_TOKEN } from '../refusals.js';
import { telling } from './answer.js';
import type { HookContext } from './context.js';
import { readSession } from './session-state.js';

/** Tells user and assistant that nothing is recalled, and how that is mended: once for each session. */
export function tellRefused(reason: string, session: string, context: HookContext): string | undefined {
  const before = readSession(context.server, session);
  if (before.warned) return undefined;
  context.note(session, { ...before, warned: true });
  const said =
    `Opskeep recalls nothing in this session: ${reason}. What is said is kept on this machine until that is mended: ` +
    `${MEND_TOKEN}`;
  return telling(context.event, said, said).answer;
}
