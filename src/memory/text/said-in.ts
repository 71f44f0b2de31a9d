import { normalized } from '../../formats/normalized.js';

/** The words of a text alone, each behind a space: without case, punctuation and markup. */
export function bareWords(text: string): string {
  return normalized(text, 'NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/^ ?/, ' ')
    .replace(/ ?$/, ' ');
}

/** Whether a text says something word for word, whatever its punctuation. */
export function isSaidIn(part: string, whole: string): boolean {
  const words = bareWords(part.replace(/…$/, ''));
  return words.trim() === '' || bareWords(whole).includes(words);
}
