import { scopeOf } from './fill.mjs';

/** Budgets in tokens; between them is the smallest that keeps enough. */
export const BUDGETS = [500, 600, 700, 800, 1000, 2000];
const RECALL = '/api/conversation-contexts/recall';
const PASSWORD = 'CANARY nine calm lanterns 77';

/** Asks recall as a client would; `set.asked_at` is now. */
export function asker({ http, places, keys }, set) {
  return async (question, more = {}, token) => {
    const scope = question.conversation ? scopeOf(question, places) : {};
    const as_of = set.asked_at ? { as_of: set.asked_at } : {};
    const body = {
      query: question.question.slice(0, 20_000),
      ...scope,
      ...as_of,
      limit: 50,
      max_tokens: 20_000,
      ...more,
    };
    const answer = (await http('POST', RECALL, { body, ...(token ? { token } : {}) })).body;
    return { ...answer, turns: answer.items.map(({ id }) => keys.get(id)) };
  };
}

/** All that has something of the question, whatever its score: the rank itself. */
export const ranking = async (ask, question) => (await ask(question, { min_relevance_score: 0 })).turns;

/** What is left of the evidence in so many tokens, and how many were used; as recall answers by default. */
export async function inBudgets(ask, question, textOf, budgets) {
  const kept = {};
  for (const max_tokens of budgets) {
    const { markdown, tokens } = await ask(question, { max_tokens });
    const found = question.evidence.filter(key => markdown.includes(textOf(key)));
    kept[max_tokens] = { share: found.length / question.evidence.length, tokens };
  }
  return kept;
}

/**
 * How many rows a user of one client gets that are another's, with questions about every client; such a user for each of
 * the first clients.
 */
export async function leaks({ http, places, logIn }, ask, questions, users = 3) {
  let count = 0;
  for (const [n, [own, { client_id }]] of [...places].slice(0, users).entries()) {
    const who = { email: `only${n}@bench.example`, password: PASSWORD };
    const rights = { scopes: ['msp:read'], client_access: 'only', client_ids: [client_id] };
    await http('POST', '/api/users', { body: { ...who, name: `Only ${n}`, ...rights } });
    const token = await logIn(who.email, who.password);
    for (const one of questions.filter(({ conversation }, at) => conversation !== own && at % users === n)) {
      const { items } = await ask({ question: one.question }, { min_relevance_score: 0 }, token);
      count += items.filter(item => item.client_id !== client_id).length;
    }
  }
  return count;
}
