/** Whether a question is about how things are, or how they were. */
export type Tense = 'now' | 'past' | 'unknown';

const NOW =
  /\b(?:now|nowadays|current(?:ly)?|today|at the moment|at present|these days|latest|still|newest)\b/i;
const PAST =
  /\b(?:before|previous(?:ly)?|former(?:ly)?|original(?:ly)?|used to|at first|old|last time|back then|earlier|initially|ago|did|was|were|had)\b/i;

/** What the words of a question tell; one that tells both is about the past: `what was it before the present one?` */
export function tenseOf(question: string): Tense {
  if (PAST.test(question)) return 'past';
  return NOW.test(question) ? 'now' : 'unknown';
}
