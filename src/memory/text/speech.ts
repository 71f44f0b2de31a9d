/** What a turn of a conversation is: something that is said to be so, something that is asked for, or a line of a tool. */
export const SPEECH = ['statement', 'question', 'tool'] as const;
export type Speech = (typeof SPEECH)[number];

/** Of one text no more than this is read. */
const MOST_CHARACTERS = 4_000;

const SENTENCES = /[^.!?\n]*(?:[.!?]+(?!\s|$)[^.!?\n]*)*(?:[.!?]+|\n|$)/g;
/** How questions and requests begin, also where nobody writes a question mark. */
const ASKING =
  /^(?:(?:ok|okay|so|and|but|hi|hello|hey|now)\b[\s,:]*)?(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|am|do|does|did|has|have|had|can|could|would|will|shall|should|may|might|must|please)\b/i;

/** What a turn is, by its speaker and its words: one of which most is asked says nothing that somebody could know. */
export function speechOf(speaker: string, text: string): Speech {
  if (speaker === 'tool') return 'tool';
  const sentences = (text.slice(0, MOST_CHARACTERS).match(SENTENCES) ?? []).flatMap(one => one.trim() || []);
  const lengthOf = (some: readonly string[]) => some.reduce((sum, one) => sum + one.length, 0);
  const asked = sentences.filter(one => one.endsWith('?') || (!/[.!]$/.test(one) && ASKING.test(one)));
  return sentences.length > 0 && 2 * lengthOf(asked) > lengthOf(sentences) ? 'question' : 'statement';
}
