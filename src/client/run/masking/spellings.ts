import { base32Spellings, pythonSpellings, shellSpellings, sqlSpellings } from './quoted.js';

/** Shorter values would mask half of what is said: they are told, not masked. */
export const LEAST_LENGTH = 4;

/** Of longer values, such as certificates, only the spellings in which they are passed on are looked for. */
const MOST_IN_ALL_SPELLINGS = 8 << 10;
/** Of longer ones what shells, languages and databases make of them is not looked for: each spelling takes memory. */
const MOST_IN_RARE_SPELLINGS = 2 << 10;
const LEAST_LINE = 8;
/** What programs break Base64 at (RFC 2045, RFC 7468). */
const LINE_LENGTHS = [76, 64];

/** Whether a value can be masked. */
export const isMaskable = (value: string) => value.trim().length >= LEAST_LENGTH;

/**
 * The ways in which a secret may stand in what a program says: as it is, line by line, and encoded. Blanks around it are
 * not looked for, since programs cut them off.
 */
export function spellingsOf(value: string): Buffer[] {
  const secret = value.trim();
  if (!isMaskable(secret)) return [];
  const texts = [secret, ...linesOf(secret), ...jsonSpellings(secret)];
  if (Buffer.byteLength(secret) <= MOST_IN_ALL_SPELLINGS)
    texts.push(...urlSpellings(secret), ...markupSpellings(secret), ...hexSpellings(secret));
  texts.push(...base64Spellings(Buffer.from(secret)));
  const spelled = texts.map(text => Buffer.from(text));
  if (Buffer.byteLength(secret) > MOST_IN_RARE_SPELLINGS) return spelled;
  const wide = Buffer.from(secret, 'utf16le');
  const rare = [
    ...shellSpellings(secret),
    ...pythonSpellings(secret),
    ...sqlSpellings(secret),
    ...base32Spellings(secret),
    ...base64Spellings(wide),
  ];
  return [...spelled, ...rare.map(text => Buffer.from(text)), wide, Buffer.from(wide).swap16()];
}

/** The password in a URL, as it stands there, and decoded: programs tell it without the rest. */
export function passwordsIn(value: string): string[] {
  const [, password = ''] = /^[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/?#:@]*:([^\s/?#]+)@/i.exec(value.trim()) ?? [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

/** The lines of a value that has several, such as a private key: programs indent them, or end them otherwise. */
function linesOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).map(line => line.trim());
  if (lines.length === 1) return [];
  return [lines.join('\n'), lines.join('\r\n'), ...lines.filter(isTelling)];
}

/** The first and last line of PEM are no secret. */
const isTelling = (line: string) => line.length >= LEAST_LINE && !line.startsWith('-----');

const unicode = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** In a string of JSON: as Node, Python (ASCII alone), PHP (`\/`) and Go (markup escaped) write it. */
function jsonSpellings(secret: string): string[] {
  const plain = JSON.stringify(secret).slice(1, -1);
  const ascii = plain.replace(/[^\x20-\x7e]/g, unicode);
  return [
    plain,
    ascii,
    plain.replaceAll('/', '\\/'),
    ascii.replaceAll('/', '\\/'),
    plain.replace(/[<>&]/g, unicode),
  ];
}

/** In a URL or a form: with blanks as `%20` or `+`, digits of either case, and what some leave as it is. */
function urlSpellings(secret: string): string[] {
  const plain = encodeURIComponent(secret);
  const strict = plain.replace(/[!'()*~]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams({ v: secret }).toString().slice(2);
  const all = [plain, strict, strict.replaceAll('%7E', '~'), form, encodeURI(secret)];
  const withSlashes = all.map(text => text.replaceAll('%2F', '/'));
  const lower = (text: string) => text.replace(/%[0-9A-F]{2}/g, digits => digits.toLowerCase());
  return [...all, ...withSlashes].flatMap(text => [text, lower(text)]);
}

/** In HTML or XML. */
function markupSpellings(secret: string): string[] {
  const tags = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = tags.replaceAll('"', '&quot;');
  return [
    tags,
    quoted,
    quoted.replaceAll("'", '&#39;'),
    quoted.replaceAll("'", '&#x27;'),
    quoted.replaceAll('"', '&#34;').replaceAll("'", '&#39;'),
  ];
}

function hexSpellings(secret: string): string[] {
  const hex = Buffer.from(secret).toString('hex');
  return [hex, hex.toUpperCase()];
}

/**
 * In Base64 of either alphabet (RFC 4648), alone or inside of something longer, as `user:password` is: there it may begin
 * at each of three places, and its first and last sign may be shared with what stands beside it.
 */
function base64Spellings(bytes: Buffer): string[] {
  const places = bytes.length <= MOST_IN_ALL_SPELLINGS ? [0, 1, 2] : [];
  const inside = places.flatMap(before => {
    const all = Buffer.concat([Buffer.alloc(before), bytes]);
    const begin = [0, 2, 3][before] ?? 0;
    const whole = all.toString('base64').replace(/=+$/, '');
    const core = whole.slice(begin, Math.floor((all.length * 8) / 6));
    const end = whole.slice(begin);
    return [core, end, end + '='.repeat((4 - (whole.length % 4)) % 4)];
  });
  const line = Buffer.concat([bytes, Buffer.from('\n')]).toString('base64');
  const alone = [bytes.toString('base64'), line].flatMap(text => [text, ...brokenUp(text)]);
  const standard = [...inside, ...alone].filter(text => text.length >= LEAST_LENGTH);
  return standard.flatMap(text => [text, text.replaceAll('+', '-').replaceAll('/', '_')]);
}

/** The lines into which Base64 is broken. */
const brokenUp = (text: string) =>
  LINE_LENGTHS.flatMap(length =>
    text.length > length ? (text.match(new RegExp(`.{1,${length}}`, 'g')) ?? []) : [],
  );
