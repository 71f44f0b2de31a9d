/** How deep is looked. */
export const DEPTHS = [5, 10, 20];

const mean = numbers =>
  numbers.length === 0 ? null : numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
const share = (found, wanted) => wanted.filter(one => found.includes(one)).length / wanted.length;

/** A share as a percentage with one digit behind the point; null where there is nothing to divide. */
export const percent = number => (number === null ? null : Math.round(number * 1000) / 10);

/**
 * What rankings are worth: `recall@k` is the share of the evidence among the first k turns, strictly; of sessions,
 * whether any, and whether all of those that have evidence are among the sessions of the first k turns.
 *
 * @param {{ evidence: string[] }[]} questions those without evidence are passed over
 * @param {string[][]} rankings for each question the keys of turns, best first
 * @param {(key: string) => string} sessionOf of a turn
 */
export function figuresOf(questions, rankings, sessionOf) {
  const asked = questions.flatMap(({ evidence }, n) =>
    evidence.length > 0 ? [{ evidence, ranking: rankings[n] ?? [] }] : [],
  );
  const at = (name, of) => Object.fromEntries(DEPTHS.map(depth => [`${name}@${depth}`, percent(mean(asked.map(one => of(one, depth))))])); // prettier-ignore
  const sessions = ({ evidence, ranking }, depth) => {
    const found = ranking.slice(0, depth).map(sessionOf);
    return share(found, [...new Set(evidence.map(sessionOf))]);
  };
  const first = asked.map(({ evidence, ranking }) => ranking.findIndex(one => evidence.includes(one)) + 1);
  return {
    questions: asked.length,
    ...at('recall', ({ evidence, ranking }, depth) => share(ranking.slice(0, depth), evidence)),
    mrr: percent(mean(first.map(place => (place === 0 ? 0 : 1 / place)))),
    ...at('any session', (one, depth) => Number(sessions(one, depth) > 0)),
    ...at('all sessions', (one, depth) => Number(sessions(one, depth) === 1)),
  };
}

/** The share of the questions whose answer has something. */
export const answered = answers => percent(mean(answers.map(one => Number(one.length > 0))));

export { mean };
