/** Where a value stands in a text. */
export interface Span {
  start: number;
  end: number;
  /** Whether there may be more than was read of it. */
  goesOn?: boolean;
}

/** What tells whether a value is a secret; the whole is read when it is: a text of nothing but names stays linear. */
export const START = { bare: /[^\s"'`<>;]{1,140}/y, line: /[^\r\n]{0,140}/y };
export const WHOLE = { bare: /[^\s"'`<>;]+/y, line: /[^\r\n]*/y };

/** What a sticky pattern reads at a place; nothing when it does not match. */
export function read(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}
