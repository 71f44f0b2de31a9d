/**
 * Chooses the weights of the rank: `node bench/recall/tune.mjs [rounds]` gathers what each question is answered from once,
 * ranks it with one weight after the other changed, and keeps what is better on the conversations that the weights are
 * chosen on; those that the figures are reported on are shown beside, and decide nothing.
 */
import { sources, startedOn } from './application.mjs';
import { figuresOf } from './figures.mjs';
import { fill, questionsOf, scopeOf } from './fill.mjs';
import { generated } from './set/generate.mjs';

const STEPS = [0, 0.5, 0.75, 1.3, 2];
/** Bounds that are promised are not tuned. */
const FIXED = ['importance', 'recency', 'usage', 'k1'];

const RECENCIES = [0, 0.03, 0.06, 0.1, 0.15];
const HALF_LIVES = [30, 90, 180, 365];

const cleanups = [];
try {
  const set = generated();
  const code = await sources();
  const application = await startedOn(code, 'sqlite', cleanup => cleanups.unshift(cleanup));
  const { places, keys } = await fill(application.http, set);
  await application.countTerms();
  const ranking = application.app.get(code.ranking.Ranking, { strict: false });
  const asked = [];
  for (const question of questionsOf(set).filter(({ evidence }) => evidence.length > 0)) {
    const where = { query: question.question, as_of: set.asked_at, ...scopeOf(question, places) };
    const gathered = await code.context.runAs(code.actor.systemActor('bench'), () => ranking.gathered(where));
    asked.push({ question, ...gathered });
  }
  const ofHalf = half => asked.filter(one => one.question.half === half);
  const measured = (weights, some, more = {}) => {
    const rankings = some.map(({ candidates, query, options }) =>
      code.rank
        .rank(candidates, query, { ...options, ...more, weights })
        .slice(0, 20)
        .map(({ candidate }) => keys.get(candidate.row_id)),
    );
    return figuresOf(some.map(one => one.question), rankings, key => key); // prettier-ignore
  };
  const worth = figures =>
    figures['recall@10'] + 0.3 * figures['recall@5'] + 0.2 * figures['recall@20'] + 0.2 * figures.mrr;
  const shown = ({ 'recall@5': five, 'recall@10': ten, 'recall@20': twenty, mrr }) =>
    `${five} ${ten} ${twenty} mrr ${mrr}`;

  let best = code.weights.WEIGHTS;
  let most = worth(measured(best, ofHalf('chosen on')));
  console.log(
    'now',
    shown(measured(best, ofHalf('chosen on'))),
    '| others',
    shown(measured(best, ofHalf('reported on'))),
  );
  for (let round = 0; round < Number(process.argv[2] ?? 2); round++)
    for (const name of Object.keys(best).filter(one => !FIXED.includes(one)))
      for (const step of STEPS) {
        const value = best[name];
        const tried = Array.isArray(value) ? value.map(one => one * step) : value * step;
        const weights = { ...best, [name]: tried };
        const figures = measured(weights, ofHalf('chosen on'));
        if (worth(figures) <= most + 0.05) continue;
        [best, most] = [weights, worth(figures)];
        console.log(name, JSON.stringify(tried), shown(figures));
      }
  console.log(JSON.stringify(best));
  // Recency by itself: what a weight and a half-life (days) do to questions about now, about the past, and all.
  const kinds = {
    now: ({ tense }) => tense === 'now',
    past: ({ tense, category }) => tense === 'past' || category === 'time',
    all: () => true,
  };
  for (const recency of RECENCIES)
    for (const half_life_days of recency === 0 ? HALF_LIVES.slice(0, 1) : HALF_LIVES) {
      const said = ['chosen on', 'reported on'].map(half =>
        Object.entries(kinds).map(([name, test]) => {
          const some = asked.filter(({ question }) => question.half === half && test(question));
          return `${name} ${measured({ ...best, recency }, some, { half_life_days })['recall@10']}`;
        }),
      );
      console.log(`recency ${recency}, half-life ${half_life_days}:`, said[0].join(', '), '| others', said[1].join(', ')); // prettier-ignore
    }
  console.log('others', shown(measured(best, ofHalf('reported on'))));
} finally {
  for (const cleanup of cleanups) await cleanup();
}
