import { normalized } from '../../formats/normalized.js';

/** Of an error no more than this is looked at. */
const MOST_READ = 4_000;
/** The longest signature; what is longer is the same when its beginning is. */
const MOST_KEPT = 500;

/** What differs from one occurrence to the next, and what stands in its place. */
const CHANGING: [RegExp, string][] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>'],
  [/\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])/g, '<ip>'],
  [/(?<!\w)(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?!\w)/g, '<mac>'],
  [/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/g, '<email>'],
  [/(?<![0-9a-z])0x[0-9a-f]{1,32}/g, '<hex>'],
  [/(?<![0-9a-z])(?=[a-f]{0,31}[0-9])[0-9a-f]{8,64}(?![0-9a-z])/g, '<hex>'],
  [/\d{1,40}(?:[.,]\d{1,20})?/g, '<n>'],
];

/**
 * An error without what differs from one time to the next: ids, times, addresses and numbers are placeholders, case and
 * white space count for nothing. The signature of a signature is itself.
 */
export function signatureOf(error: string): string {
  const text = normalized(error.slice(0, MOST_READ), 'NFKC').toLowerCase();
  const plain = CHANGING.reduce((all, [pattern, placeholder]) => all.replace(pattern, placeholder), text);
  return plain.replace(/\s+/g, ' ').trim().slice(0, MOST_KEPT).trimEnd() || '<empty>';
}

/** The words of a signature by which errors are compared, each once, in their order; no placeholders. */
export function wordsOf(text: string): string[] {
  const words = signatureOf(text)
    .replace(/<[a-z]{1,8}>/g, ' ')
    .match(/[\p{L}\p{N}_]{3,64}/gu);
  return [...new Set(words)];
}
