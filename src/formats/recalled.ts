/** What stands around recalled text in a conversation, so that nobody saves it once more as if it had been said. */
const OPEN = '<opskeep-recall>';
const CLOSE = '</opskeep-recall>';

/** Recalled text as it is put into a conversation. */
export function asRecalled(text: string): string {
  return `${OPEN}\n${text.replaceAll(OPEN, '').replaceAll(CLOSE, '')}\n${CLOSE}`;
}

/** A text without what was recalled into it; what is not closed goes to the end. Takes time in proportion to the length. */
export function withoutRecalled(text: string): string {
  let kept = '';
  for (let at = 0; ;) {
    const open = text.indexOf(OPEN, at);
    if (open === -1) return kept + text.slice(at);
    kept += text.slice(at, open);
    const close = text.indexOf(CLOSE, open);
    if (close === -1) return kept;
    at = close + CLOSE.length;
  }
}
