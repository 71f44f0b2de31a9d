import { clipped } from './clipped.js';

const INVISIBLE = /[\p{Cf}\p{Cc}\p{Zl}\p{Zp}\u034f\u115f\u1160\u3164\uffa0]/gu;
const CONTROLS = /(?![\t\n\r])\p{Cc}/gu;
const HALF_AT_END = /[\ud800-\udbff]$/;

/** A text without what controls a terminal, as long as a column is. */
export function plain(text: string, most = 65_535): string {
  return text.replace(CONTROLS, '').slice(0, most).replace(HALF_AT_END, '').trim();
}

/** A text in one line of at most so many characters, each of which can be seen. */
export function line(text: string, most: number): string {
  // No more than may be shown is looked at: a text may be long.
  return clipped(
    text
      .trimStart()
      .slice(0, 8 * most)
      .replace(INVISIBLE, ' '),
    most,
  ).replace(/[\ud800-\udbff](?=…?$)/, '');
}
