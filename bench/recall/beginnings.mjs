import { asker } from './asked.mjs';
import { answered, figuresOf } from './figures.mjs';
import { fill, questionsOf } from './fill.mjs';
import { beginnings } from './set/small.mjs';

const PASSWORD = 'CANARY seven slow windmills 31';
/** Of the prompts each project is asked so many. */
const PROMPTS = 20;

/**
 * Recall in projects of 5 to 30 turns, asked by users who see nothing else, as in an installation that has just begun:
 * what related questions find, and on how many unrelated prompts it says nothing.
 *
 * @param {string | undefined} half of the projects that count; all when absent
 */
export async function begun(application, sessionOf, half) {
  const set = beginnings();
  const side = { ...application, ...(await fill(application.http, set)) };
  await application.countTerms();
  const ask = asker(side, set);
  const questions = questionsOf(set).filter(one => half === undefined || one.half === half);
  const rankings = { whatever: [], threshold: [] };
  const prompted = [];
  for (const [n, conversation] of set.conversations.entries()) {
    const own = questions.filter(one => one.conversation === conversation);
    if (own.length === 0) continue;
    const { client_id, project_id } = side.places.get(conversation);
    const token = await onlySeeing(side, client_id, `begun${n}@bench.example`);
    for (const one of own) {
      rankings.whatever.push((await ask(one, { min_relevance_score: 0 }, token)).turns);
      rankings.threshold.push((await ask(one, {}, token)).turns);
    }
    const prompts = set.unrelated.filter((_, at) => at % Math.ceil(set.unrelated.length / PROMPTS) === n % 2);
    for (const question of prompts) prompted.push((await ask({ question }, { project_id }, token)).turns);
  }
  const of = name => figuresOf(questions, rankings[name], sessionOf)['recall@10'];
  return {
    questions: questions.length,
    'recall@10': of('whatever'),
    'recall@10 with the default threshold': of('threshold'),
    'silent on unrelated': Math.round((100 - answered(prompted)) * 10) / 10,
  };
}

async function onlySeeing({ http, logIn }, client_id, email) {
  const rights = { scopes: ['msp:read'], client_access: 'only', client_ids: [client_id] };
  await http('POST', '/api/users', { body: { email, password: PASSWORD, name: email, ...rights } });
  return logIn(email, PASSWORD);
}
