import { createHash } from 'node:crypto';
import { asker, BUDGETS, inBudgets, leaks, ranking } from './asked.mjs';
import { begun } from './beginnings.mjs';
import { fts5, mariaDbFulltext, newestFirst, plainBm25 } from './baselines.mjs';
import { decayOf } from './decay.mjs';
import { answered, figuresOf, mean, percent } from './figures.mjs';
import { fill, questionsOf, turnsOf } from './fill.mjs';

/** What recall is meant to reach on the generated set: points of recall@10 above every baseline, shares in percent. */
export const GOALS = { above: 10, silent: 80, lost: 1, reduction: 90, kept: 80, decayed: 2 };

/**
 * Fills the applications with a set, asks its questions everywhere, and compares.
 *
 * @param {Record<'sqlite' | 'mariadb', object>} applications of `startedOn`; the first is asked everything, the second
 *   whether it ranks the same
 * @param {string | undefined} half of the conversations whose questions count; all when absent
 * @param {number[]} budgets in tokens
 */
export async function compared(set, applications, code, defer, half, budgets = BUDGETS) {
  const turns = turnsOf(set);
  const byKey = new Map(turns.map(turn => [turn.key, turn]));
  const sessionOf = key => byKey.get(key)?.session_key;
  const questions = questionsOf(set).filter(one => half === undefined || one.half === half);
  const sides = {};
  for (const [name, application] of Object.entries(applications)) {
    sides[name] = { ...application, ...(await fill(application.http, set)), logIn: application.http.logIn };
    await application.countTerms();
  }
  const rankings = {};
  for (const [name, side] of Object.entries(sides)) {
    const ask = asker(side, set);
    rankings[name] = [];
    for (const one of questions) rankings[name].push(await ranking(ask, one));
  }
  const baselines = {
    'newest first': newestFirst(turns),
    'plain BM25': plainBm25(turns),
    'FTS5 bm25()': fts5(turns, code.driver.openSqlite),
  };
  if (sides.mariadb?.url)
    baselines['MariaDB FULLTEXT'] = await mariaDbFulltext(turns, sides.mariadb.url, defer);
  for (const [name, rank] of Object.entries(baselines)) {
    rankings[name] = [];
    for (const one of questions) rankings[name].push(await rank(one));
  }
  const [first = ''] = Object.keys(sides);
  const own = rankings[first];
  const systems = Object.fromEntries(
    Object.entries(rankings).map(([name, all]) => [
      name in sides ? `recall (${name})` : name,
      figuresOf(questions, all, sessionOf),
    ]),
  );
  const all = await asked(sides[first], set, questions, own, byKey, sessionOf, budgets);
  const of = (name, what) => what(systems[name]['recall@10']);
  const lead = of(
    `recall (${first})`,
    ours => ours - Math.max(...Object.keys(baselines).map(name => of(name, one => one))),
  );
  const isSame = Object.keys(sides).every(name => JSON.stringify(rankings[name]) === JSON.stringify(own));
  const figures = {
    turns: turns.length,
    sessions: new Set(turns.map(one => one.session_key)).size,
    systems,
    lead: Math.round(lead * 10) / 10,
    isSame,
    order: digestOf(own),
    ...all,
  };
  if (sides[first].app) figures.decay = await decayOf(sides[first], set, code, questions, sessionOf);
  if (sides[first].app && set.unrelated) figures.begun = await begun(sides[first], sessionOf, half);
  return { ...figures, passed: passes(figures) };
}

function passes({ lead, isSame, leaks, silence, budgets, decay, begun: small }) {
  const { 'about now': now, 'now above before': above, 'about the past': past } = decay ?? {};
  const lost = small && small['recall@10'] - small['recall@10 with the default threshold'];
  return (
    lead >= GOALS.above &&
    isSame &&
    leaks === 0 &&
    silence.lost <= GOALS.lost &&
    (silence['silent on unrelated'] ?? 100) >= GOALS.silent &&
    Object.values(budgets).some(one => one.reduction >= GOALS.reduction && one.kept >= GOALS.kept) &&
    (small === undefined || (lost <= GOALS.lost && small['silent on unrelated'] >= GOALS.silent)) &&
    (now === undefined || now.with >= now.without) &&
    (above === undefined || above.with > above.without) &&
    (past === undefined || past.with >= past.without - GOALS.decayed)
  );
}

/** What the rank of all questions comes to: two databases that rank the same have the same. */
const digestOf = rankings => createHash('sha256').update(JSON.stringify(rankings)).digest('hex').slice(0, 16);

/** What one application is asked beside the rank: by category and budget, and when it says nothing. */
async function asked(side, set, questions, own, byKey, sessionOf, budgets) {
  const ask = asker(side, set);
  const some = test => {
    const chosen = questions.flatMap((one, n) => (test(one) ? [n] : []));
    return figuresOf(chosen.map(n => questions[n]), chosen.map(n => own[n]), sessionOf); // prettier-ignore
  };
  const categories = Object.fromEntries(
    [...new Set(questions.map(one => one.category))]
      .sort()
      .map(name => [name, some(one => one.category === name)]),
  );
  const scopes = Object.fromEntries(
    [...new Set(questions.map(one => one.scope ?? 'project'))].map(name => [
      name,
      some(one => (one.scope ?? 'project') === name),
    ]),
  );
  const answers = [];
  for (const one of questions) answers.push((await ask(one)).turns);
  const unrelated = [];
  for (const [n, question] of (set.unrelated ?? []).entries())
    if (n % 2 === 1) unrelated.push((await ask({ question })).turns);
  const before = figuresOf(questions, own, sessionOf)['recall@10'];
  const after = figuresOf(questions, answers, sessionOf)['recall@10'];
  const unanswerable = answers.filter((_, n) => questions[n].evidence.length === 0);
  return {
    categories,
    scopes,
    silence: {
      'silent on unrelated':
        unrelated.length === 0 ? null : Math.round((100 - answered(unrelated)) * 10) / 10,
      'recall@10 with the default threshold': after,
      lost: Math.round((before - after) * 10) / 10,
      'false answers to unanswerable questions': answered(unanswerable),
    },
    budgets: await budgetsOf(side, ask, questions, byKey, budgets),
    leaks: await leaks(side, ask, questions),
  };
}

async function budgetsOf({ tokensOf }, ask, questions, byKey, budgets) {
  const evident = questions.filter(({ evidence }) => evidence.length > 0);
  const kept = [];
  for (const one of evident) kept.push(await inBudgets(ask, one, key => byKey.get(key).text, budgets));
  const whole = await wholeOf([...byKey.values()], tokensOf);
  return Object.fromEntries(
    budgets.map(budget => [
      budget,
      {
        kept: percent(mean(kept.map(one => one[budget].share))),
        reduction: percent(
          mean(kept.map((one, n) => 1 - one[budget].tokens / whole.get(evident[n].conversation))),
        ),
      },
    ]),
  );
}

/** How many tokens each conversation has as it was said, as the server counts those of its answers. */
async function wholeOf(turns, tokensOf) {
  const sessions = new Map();
  for (const { conversation, session_key, text } of turns) {
    const { texts } = sessions.get(session_key) ?? { texts: [] };
    sessions.set(session_key, { conversation, texts: [...texts, text] });
  }
  const all = [...sessions.values()];
  const counts = await tokensOf(all.map(({ texts }) => texts.join('\n')));
  const whole = new Map();
  all.forEach(({ conversation }, n) => whole.set(conversation, (whole.get(conversation) ?? 0) + counts[n]));
  return whole;
}
