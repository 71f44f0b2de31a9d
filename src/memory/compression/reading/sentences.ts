/** Where a sentence may end: before another word, behind which no abbreviation stands. */
const ENDS = /(?<=[.!?…])\s+(?=[\p{L}\d"'(`*])/gu;
const ABBREVIATED =
  /(?:^|[\s("])(?:\p{L}|e\.g|i\.e|etc|ca|approx|incl|excl|vs|cf|nr|str|mr|mrs|dr|prof|inc|ltd|bzw|evtl|ggf|usw|z\.\s?b|d\.\s?h|u\.\s?a)\.$/iu;
const DAY = /(?:^|\s)\d{1,2}\.$/;
const MONTH = /^(?:jan|jän|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)/i;
/** So far back an abbreviation may begin. */
const BACK = 12;

/** The sentences of a row, also of one that is written without capitals. Takes time in proportion to the length. */
export function sentencesOf(row: string, most: number): string[] {
  const sentences: string[] = [];
  let begin = 0;
  for (const { index, 0: space } of row.matchAll(ENDS)) {
    if (sentences.length >= most) break;
    const before = row.slice(Math.max(begin, index - BACK), index);
    const after = index + space.length;
    const isNumbered = DAY.test(before) && MONTH.test(row.slice(after, after + 4));
    if (isNumbered || ABBREVIATED.test(before)) continue;
    sentences.push(row.slice(begin, index));
    begin = after;
  }
  return [...sentences, row.slice(begin)];
}
