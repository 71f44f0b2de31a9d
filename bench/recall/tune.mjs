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
  const measured = (weights, half) => {
    const some = asked.filter(one => one.question.half === half);
    const rankings = some.map(({ candidates, query, options }) =>
      code.rank
        .rank(candidates, query, { ...options, weights })
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
  let most = worth(measured(best, 'chosen on'));
  console.log('now', shown(measured(best, 'chosen on')), '| others', shown(measured(best, 'reported on')));
  for (let round = 0; round < Number(process.argv[2] ?? 2); round++)
    for (const name of Object.keys(best).filter(one => !FIXED.includes(one)))
      for (const step of STEPS) {
        const value = best[name];
        const tried = Array.isArray(value) ? value.map(one => one * step) : value * step;
        const weights = { ...best, [name]: tried };
        const figures = measured(weights, 'chosen on');
        if (worth(figures) <= most + 0.05) continue;
        [best, most] = [weights, worth(figures)];
        console.log(name, JSON.stringify(tried), shown(figures));
      }
  console.log(JSON.stringify(best));
  console.log('others', shown(measured(best, 'reported on')));
} finally {
  for (const cleanup of cleanups) await cleanup();
}
