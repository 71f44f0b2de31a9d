/** What may stand in a long row behind one letter: marks, and the two that become marks (the half-width voiced ones). */
const RUN = /(?:(?!\u034f)[\p{M}\uff9e\uff9f])+/gu;
/** As many as Unicode allows in text that is to be read as a stream (UAX #15, "Stream-Safe Text Format"). */
const MOST_MARKS = /[\s\S]{1,30}/gu;
const JOINER = '\u034f';

/**
 * A text in a normal form of Unicode, in time in proportion to its length: marks behind a letter are put in order by
 * comparing each with each, so 30 of them are the most (UAX #15: a joiner that nobody sees stands behind every 30).
 * Nothing else calls `String.prototype.normalize`.
 */
export function normalized(text: string, form: 'NFC' | 'NFD' | 'NFKC' | 'NFKD'): string {
  const safe = text.replace(RUN, run =>
    run.length <= 30 ? run : (run.match(MOST_MARKS) ?? [run]).join(JOINER),
  );
  return safe.normalize(form);
}
