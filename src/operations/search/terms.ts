import ipaddr from 'ipaddr.js';
import { normalized } from '../../formats/normalized.js';

/** Characters of a term; of a longer one the beginning counts. */
export const MOST_OF_TERM = 64;
/** Of one text no more than this is read. */
const MOST_CHARACTERS = 65_536;
/** What stands before a whole name; no word begins with it. */
const WHOLE = '=';
/** Behind every term that begins with a word. */
export const LAST = '\u{10FFFF}';

/**
 * Words and identifiers: letters and digits, joined by what joins them in hosts, addresses, paths, tickets and versions;
 * and signs that are words by themselves. The parts exclude each other, so that matching takes linear time.
 */
const PIECES = /[\p{L}\p{N}]+(?:[._\-/:@\\#+]{1,2}[\p{L}\p{N}]+)*|\p{Extended_Pictographic}/gu;
const PART = /[\p{L}\p{N}]+/gu;
const BETWEEN = /[\s,;()[\]<>"'|]+/u;
const MAC =
  /^(?:(?=.*[a-f:-])[0-9a-f]{2}([:-]?)[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2})$/;

/** A text as it is compared: compatible forms, marks and upper and lower case are one. */
export function fold(text: string): string {
  const bare = normalized(text.slice(0, MOST_CHARACTERS), 'NFKD').replace(/\p{M}+/gu, '');
  return bare
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replace(/\p{M}+/gu, '');
}

/** The beginning of a text, without half a character at its end. */
function cut(text: string, from = 0): string {
  return text.slice(from, from + MOST_OF_TERM).replace(/[\uD800-\uDBFF]$/, '');
}

/** An address in its canonical form (RFC 5952 of IPv6, colons in a MAC); undefined for any other text. */
function addressIn(text: string): string | undefined {
  if (text.length > 49) return undefined;
  if (MAC.test(text)) return text.replace(/[^0-9a-f]/g, '').replace(/..(?=.)/g, '$&:');
  const [, address = '', prefix = ''] = /^([0-9a-f:.]*)(\/\d{1,3})?$/.exec(text) ?? [];
  return address.includes(':') && ipaddr.IPv6.isValid(address)
    ? `${ipaddr.IPv6.parse(address).toRFC5952String()}${prefix}`
    : undefined;
}

/** What stands between blanks, without the punctuation behind it. */
const chunksOf = (folded: string) => folded.split(BETWEEN).map(one => one.replace(/(?<=[^.:])[.:!?]$/, ''));

/**
 * The terms that a text is found by, each as it begins: an identifier from each of its parts to its end, so that
 * `web-01` finds `srv-web-01.acme.example`; addresses in their canonical form beside.
 */
export function* termsOf(text: string): Generator<string> {
  for (const chunk of chunksOf(fold(text))) {
    const address = addressIn(chunk);
    if (address !== undefined) yield cut(address);
    for (const [piece] of chunk.matchAll(PIECES)) {
      yield cut(addressIn(piece) ?? piece);
      for (const { index } of piece.matchAll(PART)) yield cut(piece, index);
    }
  }
}

/** A whole name, which is found by its beginning. */
export function wholeTerm(text: string): string {
  return cut(`${WHOLE}${fold(text).trim().replace(/\s+/gu, ' ')}`);
}

/** What a question asks for, each word once: rows have terms that begin with all of them. */
export function wordsOf(query: string): string[] {
  const words = chunksOf(fold(query)).flatMap(chunk => {
    const address = addressIn(chunk);
    if (address !== undefined) return [cut(address)];
    return [...chunk.matchAll(PIECES)].map(([piece]) => cut(addressIn(piece) ?? piece));
  });
  return [...new Set(words)];
}
