/** What stands around recalled text in a conversation, so that nobody saves it once more as if it had been said. */
const OPEN = '<opskeep-recall>';
const CLOSE = '</opskeep-recall>';
const OPENING = /<opskeep-recall>/giu;
const CLOSING = /<\/opskeep-recall>/giu;
/** Whatever could be taken for a marker, or become one. */
const LIKE = /<(?=[\s/\\\p{Cf}]*opskeep-recal)/giu;

/** Whatever could be taken for a tag: a marker, or what the host itself puts around its own words. */
const TAG = /<(?=[\s/\\\p{Cf}]*[\p{L}!])/gu;

/** A text in which nothing reads as a tag any more: another character stands where one would begin. */
export function withoutTags(text: string): string {
  return text.includes('<') ? text.replace(TAG, '\u2039') : text;
}

/** As `withoutTags`, of markers alone. */
function withoutMarkers(text: string): string {
  return text.replace(LIKE, '\u2039');
}

/** Recalled text as it is put into a conversation. Nothing in it ends it, or passes for the host's own words. */
export function asRecalled(text: string): string {
  return `${OPEN}\n${withoutTags(text)}\n${CLOSE}`;
}

/**
 * A text without what was recalled into it; what is not closed goes to the end. No marker is left, however they stand in
 * each other. Takes time in proportion to the length.
 */
export function withoutRecalled(text: string): string {
  if (!text.includes('<')) return text;
  let kept = '';
  for (let at = 0; ;) {
    const open = nextOf(OPENING, text, at);
    if (!open) return withoutMarkers(kept + text.slice(at));
    kept += text.slice(at, open.index);
    const close = nextOf(CLOSING, text, OPENING.lastIndex);
    if (!close) return withoutMarkers(kept);
    at = CLOSING.lastIndex;
  }
}

function nextOf(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
