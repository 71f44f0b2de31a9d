/** Takes no column: accents that are put over a letter, joiners, marks of direction. */
const NONE = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
/** Takes two columns (Unicode, UAX 11: wide and fullwidth). */
const TWO =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]$/u;

const widthOfOne = (character: string) => (NONE.test(character) ? 0 : TWO.test(character) ? 2 : 1);

/** How many columns of a terminal a text takes. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOfOne(character);
  return width;
}

/** At most so many columns of a text; what is cut off is shown by `…`. */
export function fitted(text: string, most: number): string {
  if (widthOf(text) <= most) return text;
  let width = 0;
  let kept = '';
  for (const character of text) {
    width += widthOfOne(character);
    if (width > most - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** With spaces behind it, so many columns. */
export const padded = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - widthOf(text)));
