import { figuresOf } from './figures.mjs';
import { scopeOf } from './fill.mjs';

/**
 * What recency does to recall@10: the same entries ranked with it and without, for questions about how things are now, and
 * about how they were before or at a time that they name.
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
        const best = code.rank.rank(candidates, query, { ...options, weights }).slice(0, 10);
        rankings[name].push(best.map(({ candidate }) => keys.get(candidate.row_id)));
      }
    }
    figures[kind] = Object.fromEntries(
      Object.entries(rankings).map(([name, all]) => [name, figuresOf(some, all, sessionOf)['recall@10']]),
    );
  }
  return figures;
}
