/** How many letters must change, come or go to make one word of another (Levenshtein, 1966). */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let at = 1; at <= b.length; at++) {
      const same = (above[at - 1] ?? 0) + (a[row - 1] === b[at - 1] ? 0 : 1);
      line.push(Math.min(same, (above[at] ?? 0) + 1, (line[at - 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[b.length] ?? 0;
}

const MOST_TYPED = 40;
const MOST_WRONG = 2;

/** The word that was probably meant; undefined where none is near. */
export function nearest(typed: string, words: string[]): string | undefined {
  if (typed.length < 2 || typed.length > MOST_TYPED) return undefined;
  const begun = words.filter(one => one.startsWith(typed));
  if (begun.length === 1) return begun[0];
  const near = words
    .map(word => ({ word, wrong: distance(typed, word) }))
    .filter(({ word, wrong }) => wrong <= Math.min(MOST_WRONG, word.length / 2))
    .sort((a, b) => a.wrong - b.wrong);
  return near[0]?.word;
}
