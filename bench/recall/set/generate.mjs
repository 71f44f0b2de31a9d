import { chance } from './random.mjs';
import { conversationOf } from './conversation.mjs';
import { unrelatedPrompts } from './unrelated.mjs';
import { ASKED_AT, clientsOf } from './world.mjs';

/** How large a set is; `small` for the tests. */
export const SIZES = {
  full: { clients: 24, sessions: 18, turns: 20, questions: 63, unrelated: 200 },
  small: { clients: 3, sessions: 4, turns: 14, questions: 10, unrelated: 20 },
};

/**
 * Conversations of technicians about their clients, and questions about them, the same each time. Each conversation has
 * the sessions with one client.
 *
 * @returns {{ asked_at: string, conversations: object[], unrelated: string[] }} in the format of `--data`, where a
 *   question has `scope` besides: `project`, `client`, or `none` for one that says the client itself
 */
export function generated(size = SIZES.full, seed = 7) {
  const random = chance(seed);
  const conversations = clientsOf(size.clients, random).map((client, n) =>
    conversationOf(client, `c${n + 1}`, size, random),
  );
  return { asked_at: ASKED_AT, conversations, unrelated: unrelatedPrompts(size.unrelated, random) };
}
