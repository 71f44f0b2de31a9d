import { SCHEME } from '../../formats/reference.js';

/** A place of a text with a reference. */
export interface Place {
  from: number;
  to: number;
  /** The reference as it stands there; whether it is one is for `parseReference` to say. */
  reference: string;
}

/** `{{ opskeep://… }}`, anywhere in a text. */
const IN_BRACES = /\{\{\s{0,8}(opskeep:\/\/[^{}\r\n]*)\}\}/g;
/** In a file also alone: up to the first sign that ends a word, and without the stop of a sentence. */
const ALONE = /opskeep:\/\/[\p{L}\p{N}._~%/-]*[\p{L}\p{N}_~%/-]/gu;

function matches(text: string, pattern: RegExp): Place[] {
  return [...text.matchAll(pattern)].map(match => ({
    from: match.index,
    to: match.index + match[0].length,
    reference: (match[1] ?? match[0]).trim(),
  }));
}

/** The references in the value of a variable: the whole of it, or between double braces. */
export function referencesInValue(text: string): Place[] {
  const whole = text.trim();
  if (whole.startsWith(SCHEME)) return [{ from: 0, to: text.length, reference: whole }];
  return matches(text, IN_BRACES);
}

/** The references in a file: between double braces, or alone. */
export function referencesInFile(text: string): Place[] {
  const braced = matches(text, IN_BRACES);
  const inside = (at: number) => braced.some(one => at > one.from && at < one.to);
  const alone = matches(text, ALONE).filter(one => !inside(one.from));
  return [...braced, ...alone].sort((a, b) => a.from - b.from);
}

/** The text with values in the places of its references. A value is not looked through again. */
export function withValues(text: string, places: Place[], valueOf: (reference: string) => string): string {
  let done = 0;
  const parts = places.map(({ from, to, reference }) => {
    const before = text.slice(done, from);
    done = to;
    return before + valueOf(reference);
  });
  return parts.join('') + text.slice(done);
}
