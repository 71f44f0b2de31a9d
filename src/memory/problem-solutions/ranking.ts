/** A word of the error that is looked for, in a problem that has it. */
export interface Hit {
  term: string;
  id: string;
}

/** Whatever is less alike is not worth showing. */
const LEAST = 0.3;

/**
 * How much of the error's words each problem has, from 0 to 1; rare words count for more than common ones, and words
 * that no problem has as much as the rarest.
 */
export function scoresOf(words: readonly string[], hits: readonly Hit[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { term } of hits) counts.set(term, (counts.get(term) ?? 0) + 1);
  const weight = (term: string) => 1 / (1 + Math.log(counts.get(term) ?? 1));
  const all = words.reduce((sum, term) => sum + weight(term), 0);
  const scores = new Map<string, number>();
  for (const { term, id } of hits) scores.set(id, (scores.get(id) ?? 0) + weight(term) / all);
  return new Map([...scores].filter(([, score]) => score >= LEAST));
}
