import { figuresOf, mean, percent } from './figures.mjs';
import { keyOf, scopeOf } from './fill.mjs';

/**
 * What recency does: the same entries ranked with it and without. Recall@10 of questions about how things are now, and
 * about how they were before or at a time that they name; and, since the first ten mostly hold what was before as well, how
 * often what is so now stands above it.
 *
 * @returns {Promise<Record<string, { without: number, with: number }>>}
 */
export async function decayOf({ app, places, keys }, set, code, questions, sessionOf) {
  const ranking = app.get(code.ranking.Ranking, { strict: false });
  const kinds = {
    'about now': questions.filter(one => one.tense === 'now'),
    'about the past': questions.filter(one => one.tense === 'past' || one.category === 'time'),
  };
  const figures = {};
  for (const [kind, some] of Object.entries(kinds)) {
    if (some.length === 0) continue;
    const rankings = { without: [], with: [] };
    for (const question of some) {
      const where = { query: question.question, as_of: set.asked_at, ...scopeOf(question, places) };
      const { candidates, query, options } = await code.context.runAs(code.actor.systemActor('bench'), () =>
        ranking.gathered(where),
      );
      for (const [name, weights] of [
        ['without', { ...code.weights.WEIGHTS, recency: 0 }],
        ['with', code.weights.WEIGHTS],
      ]) {
        const all = code.rank.rank(candidates, query, { ...options, weights });
        rankings[name].push(all.map(({ candidate }) => keys.get(candidate.row_id)));
      }
    }
    const each = of => Object.fromEntries(Object.entries(rankings).map(([name, all]) => [name, of(all)]));
    figures[kind] = each(all => figuresOf(some, all, sessionOf)['recall@10']);
    if (kind === 'about now') figures['now above before'] = each(all => aboveFormer(some, all));
  }
  return figures;
}

/** How often the turn that tells what is so now comes before the one that told what was so before. */
function aboveFormer(questions, rankings) {
  const placeIn = (ranking, key) => (ranking.indexOf(key) + 1 || Infinity) - 1;
  const isAbove = ({ conversation, evidence, former }, n) =>
    placeIn(rankings[n], evidence[0]) < placeIn(rankings[n], keyOf(conversation, former));
  return percent(mean(questions.map((one, n) => Number(isAbove(one, n)))));
}
