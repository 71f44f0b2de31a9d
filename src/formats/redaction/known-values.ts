import { marker } from './marker.js';

/** So many characters at the beginning of a value, and at its end, tell where it may stand. */
const WINDOW = 8;
const FACTOR = 31;
const HIGHEST = Math.imul(31 ** 5, 31 * 31);

/** So many places, of which a checksum has one: nearly all of a text begins no value, which is to be told at once. */
const PLACES = 2 ** 16;

/** Values with the same beginning: by length what they end with, so that many of them cost hardly more than one. */
type Ends = Map<number, Set<number>>;

/**
 * What masks these values wherever they stand in a text; where they overlap, all of it. It takes time in proportion to
 * the length of the text, however many values there are, when their lengths are few.
 *
 * @param kinds by value of at least 8 characters, as what it is masked
 */
export function maskingOf(kinds: ReadonlyMap<string, string>): (text: string) => string {
  const beginnings = new Map<number, Ends>();
  const begins = new Uint8Array(PLACES);
  for (const value of kinds.keys()) {
    const sums = sumsOf(value);
    const ends: Ends = beginnings.get(sums[0] ?? 0) ?? new Map<number, Set<number>>();
    beginnings.set(sums[0] ?? 0, ends);
    begins[placeOf(sums[0] ?? 0)] = 1;
    ends.set(value.length, (ends.get(value.length) ?? new Set()).add(sums.at(-1) ?? 0));
  }
  return text => maskText(text, kinds, at => (begins[placeOf(at)] ? beginnings.get(at) : undefined));
}

const placeOf = (sum: number) => (sum ^ (sum >>> 16)) & (PLACES - 1);

function maskText(
  text: string,
  kinds: ReadonlyMap<string, string>,
  endsOf: (sum: number) => Ends | undefined,
): string {
  const parts: string[] = [];
  const sums = sumsOf(text);
  let done = 0;
  let open: { from: number; to: number; kind: string } | undefined;
  const close = () => {
    if (open) parts.push(text.slice(done, open.from), marker(open.kind));
    done = open?.to ?? done;
    open = undefined;
  };
  for (let at = 0; at < sums.length; at++) {
    const ends = endsOf(sums[at] ?? 0);
    const value = ends && longestAt(text, at, sums, ends, kinds);
    if (value === undefined) continue;
    if (open && at >= open.to) close();
    open ??= { from: at, to: at, kind: kinds.get(value) ?? 'secret' };
    open.to = Math.max(open.to, at + value.length);
  }
  close();
  return parts.length > 0 ? parts.join('') + text.slice(done) : text;
}

function longestAt(
  text: string,
  at: number,
  sums: Int32Array,
  ends: Ends,
  kinds: ReadonlyMap<string, string>,
): string | undefined {
  let longest: string | undefined;
  for (const [length, last] of ends) {
    if (length < (longest?.length ?? 0) || !last.has(sums[at + length - WINDOW] ?? 0)) continue;
    const value = text.slice(at, at + length);
    if (kinds.has(value)) longest = value;
  }
  return longest;
}

/** Of each place that has a window behind it, its checksum, which follows from the one before (Karp and Rabin, 1987). */
function sumsOf(text: string): Int32Array {
  const sums = new Int32Array(Math.max(0, text.length - WINDOW + 1));
  let sum = 0;
  for (let at = 0; at < text.length; at++) {
    if (at >= WINDOW) sum = (sum - Math.imul(text.charCodeAt(at - WINDOW), HIGHEST)) | 0;
    sum = (Math.imul(sum, FACTOR) + text.charCodeAt(at)) | 0;
    if (at >= WINDOW - 1) sums[at - WINDOW + 1] = sum;
  }
  return sums;
}
