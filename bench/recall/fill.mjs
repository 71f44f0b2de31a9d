const BULK = 500;
const MINUTE_MS = 60_000;
const SPEAKERS = ['user', 'assistant', 'tool'];

/** Every turn of a set, with its conversation, session, time and place; `key` is its own among all of the set. */
export function turnsOf({ conversations }) {
  return conversations.flatMap(conversation =>
    conversation.sessions.flatMap((session, n) =>
      session.turns.map((turn, place) => {
        const at = Date.parse(turn.at ?? session.at) + (turn.at ? 0 : place * MINUTE_MS);
        return {
          key: keyOf(conversation, turn.id),
          conversation,
          session_key: `${conversation.id}/${session.id ?? n + 1}`,
          at: new Date(at).toISOString(),
          // As hooks number them: by the second.
          sequence: Math.floor(at / 1000),
          speaker: SPEAKERS.includes(turn.speaker) ? turn.speaker : 'user',
          text: turn.text,
        };
      }),
    ),
  );
}

export const keyOf = (conversation, turn) => `${conversation.id} ${turn}`;

/** Every question of a set that has a conversation, with the keys of its evidence. */
export const questionsOf = ({ conversations }) =>
  conversations.flatMap((conversation, n) =>
    conversation.questions.map(one => ({
      ...one,
      conversation,
      half: n % 2 === 0 ? 'chosen on' : 'reported on',
      evidence: one.evidence.map(turn => keyOf(conversation, turn)),
    })),
  );

/**
 * Stores a set by the application's own routes: a client and a project for each conversation, and its turns in bulk.
 *
 * @param {Function} http as the tests have it
 * @returns {Promise<{ places: Map<object, { client_id: string, project_id: string }>, ids: Map<string, string>, keys: Map<string, string> }>}
 *   where each conversation is; the ids of turns by their keys, and the other way round
 */
export async function fill(http, set) {
  const places = new Map();
  for (const conversation of set.conversations) {
    const name = conversation.name ?? conversation.id;
    const client = (await http('POST', '/api/clients', { body: { name } })).body.id;
    const project = (await http('POST', '/api/projects', { body: { name, client_id: client } })).body.id;
    places.set(conversation, { client_id: client, project_id: project });
  }
  const turns = turnsOf(set);
  const ids = new Map();
  for (let from = 0; from < turns.length; from += BULK) {
    const part = turns.slice(from, from + BULK);
    const items = part.map(({ key: _key, conversation, ...turn }) => ({
      ...turn,
      project_id: places.get(conversation).project_id,
    }));
    const { results } = (await http('POST', '/api/conversation-turns/bulk', { body: { items } })).body;
    for (const [n, one] of results.entries()) {
      if (one.id === undefined) throw new Error(`A turn was not stored: ${JSON.stringify(one)}`);
      ids.set(part[n].key, one.id);
    }
  }
  return { places, ids, keys: new Map([...ids].map(([key, id]) => [id, key])) };
}

/** Where a question is asked. */
export function scopeOf({ scope = 'project', conversation }, places) {
  const { client_id, project_id } = places.get(conversation);
  return scope === 'project' ? { project_id } : scope === 'client' ? { client_id } : {};
}
