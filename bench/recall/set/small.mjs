import { generated } from './generate.mjs';

/** How many turns projects have that have just begun. */
const LENGTHS = [5, 8, 12, 16, 22, 30];
const SIZE = { clients: 24, sessions: 1, turns: 30, questions: 16, unrelated: 200 };

/** A set of projects that have just begun: the first turns of a session each, and what they answer. */
export function beginnings(seed = 9) {
  const set = generated(SIZE, seed);
  const conversations = set.conversations.map((conversation, n) => {
    const sessions = conversation.sessions.map(one => ({
      ...one,
      turns: one.turns.slice(0, LENGTHS[n % LENGTHS.length]),
    }));
    const told = new Set(sessions.flatMap(({ turns }) => turns.map(({ id }) => id)));
    const questions = conversation.questions.filter(
      ({ evidence, scope }) => scope !== 'none' && evidence.length > 0 && evidence.every(id => told.has(id)),
    );
    return { ...conversation, id: `new ${conversation.id}`, name: `${conversation.name} (new)`, sessions, questions }; // prettier-ignore
  });
  return { ...set, conversations };
}
