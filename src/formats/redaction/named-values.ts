import { holdsOne } from './hints.js';
import { isInMarker, marker } from './marker.js';
import { IN_NAMES, KINDS, NAME, SUFFIX } from './secret-names.js';
import { isProse } from './sentences.js';
import { read, type Span, START, WHOLE } from './spans.js';
import { isNoSecret, looksChosen, looksRandom } from './values.js';
import { BLOCK, blockAt, isSecretBlock } from './yaml-blocks.js';

const WORD = /[A-Za-z0-9_-]{0,64}/y;

// Between name and value. Quotes may stand behind backslashes: JSON within JSON.
const CLOSING = /(?:\\{0,7}["'`])?\]?/y;
const SEPARATOR =
  /(?:[ \t]{0,16}(?:=>|:=|={1,3}|:)(?:\s{0,40}(?=\\{0,7}["'])|[ \t]{0,16})|\((?=["'])|>(?=[^\s<]))/y;
const ATTRIBUTE = /[ \t]{1,16}value=(?=["'])/iy;
const SPOKEN = /[ \t]{1,4}(?:is|was|ist|war|lautet)[ \t]{0,4}:?[ \t]{1,4}/iy;
const SPACE = /[ \t]{1,16}(?![-/][A-Za-z-])/y;
const SPACE_AND_QUOTE = /[ \t]{1,16}(?=')/y;

const QUOTE = /\\{0,7}["'`]/y;
/** What SQL, Python and shells write before a quote: `N'…'`, `f"…"`, `$'…'`. */
const PREFIX = /[NEUBRFneubrf@$](?=["'])/y;
/** Longer than anything that is recognized as no secret. */
const LONG = 135;
const TEMPLATE = /\$?\{\{[^{}\r\n]{0,200}\}\}/y;
/** A marker, with nothing behind it but what closes something. */
const MASKED = /^\[redacted:[a-z_]{1,30}\](?=[)\]}>,:\\]{0,8}$)/;
/** Where a bare value ends although no space does: `a=b&c=d`, `{a: b, c: d}`. */
const NEXT = /[,&](?=[&,]|$|[A-Za-z_][\w.-]{0,64}[=:])/;

/** Values beside names of secrets: `password=…`, `"token": "…"`, `--api-key …`, `PGPASSWORD=…`, `<secret>…`. */
export function maskNamed(text: string, lower: string): string {
  if (!holdsOne(lower, IN_NAMES)) return text;
  const names = NAME();
  const parts: string[] = [];
  const closers = new Set<string>();
  let done = 0;
  names.lastIndex = 0;
  for (let found = names.exec(text); found; found = names.exec(text)) {
    if (isInMarker(text, found.index)) continue;
    const kind = found.slice(1).findIndex(one => one !== undefined);
    const start = valueBeside(text, found, kind === 4, closers, START);
    if (!start || !isSecret(text.slice(start.start, start.end), found, kind)) continue;
    const isWhole = !start.goesOn && start.end - start.start < LONG;
    const span = isWhole ? start : (valueBeside(text, found, kind === 4, closers, WHOLE) ?? start);
    parts.push(text.slice(done, span.start), marker(KINDS[kind] ?? 'secret'));
    done = names.lastIndex = span.end;
  }
  return parts.length > 0 ? parts.join('') + text.slice(done) : text;
}

function isSecret(value: string, [word]: RegExpExecArray, kind: number): boolean {
  if (isNoSecret(value)) return false;
  if (kind === 4) return looksRandom(value);
  if (/^pin$/i.test(word)) return /^\d{4,12}$/.test(value);
  // `max_tokens: 4096`, `pass: 12` of a test run.
  return !(/^(token|pass)$/i.test(word) && /^[\d.,]{1,9}$/.test(value));
}

function valueBeside(
  text: string,
  found: RegExpExecArray,
  weak: boolean,
  closers: Set<string>,
  values: typeof WHOLE,
): Span | undefined {
  const word = found.index + found[0].length;
  const name = read(WORD, text, word);
  if (!SUFFIX.test(name)) return undefined;
  const closed = word + name.length;
  const after = closed + read(CLOSING, text, closed).length;
  const flag = !weak && isFlag(text, found.index);
  const patterns = [SEPARATOR, ATTRIBUTE, ...(flag ? [SPACE] : weak ? [] : [SPACE_AND_QUOTE])];
  for (const pattern of patterns) {
    const between = read(pattern, text, after);
    if (between) return valueAt(text, after + between.length, closers, values, found.index);
  }
  const spoken = weak ? '' : read(SPOKEN, text, after);
  const value = spoken ? valueAt(text, after + spoken.length, closers, values, found.index) : undefined;
  // "The password is wrong!", "is 90 days old": what is said of it is a word or a short number.
  const said = value ? text.slice(value.start, value.end).replace(/[!?]{1,3}$/, '') : '';
  return looksChosen(said) && !/^(?:\d{1,3}|.{1,2})$/.test(said) ? value : undefined;
}

/** Whether the name that holds this place begins with a hyphen: `--db-password`. */
function isFlag(text: string, at: number): boolean {
  let start = at;
  while (start > 0 && at - start < 64 && /[A-Za-z0-9_-]/.test(text.charAt(start - 1))) start--;
  return text.charAt(start) === '-' && (start === 0 || /[\s"'`([]/.test(text.charAt(start - 1)));
}

function valueAt(
  text: string,
  from: number,
  closers: Set<string>,
  values: typeof WHOLE,
  name: number,
): Span | undefined {
  const block = read(BLOCK, text, from);
  if (block) {
    const start = from + block.length;
    return isSecretBlock(text, name, start) ? blockAt(text, start, values) : undefined;
  }
  const at = from + read(PREFIX, text, from).length;
  const quote = read(QUOTE, text, at);
  const start = at + quote.length;
  if (quote) {
    const end = closes(text, start, quote, closers);
    return { start, end: end ?? start + read(values.line, text, start).length };
  }
  const template = read(TEMPLATE, text, at);
  const bare = template || read(values.bare, text, at);
  const next = template ? null : NEXT.exec(bare);
  const value = next ? bare.slice(0, next.index) : bare;
  const masked = MASKED.exec(value)?.[0] ?? (template || value.replace(/[)\]}>,:\\]{1,8}$/, ''));
  const end = start + masked.length;
  // "Password: ask Bob".
  const isSaid =
    /[:=] $/.test(text.slice(from - 2, from)) &&
    isProse(masked) &&
    /^[ \t][A-Za-z]/.test(text.slice(end, end + 2));
  return isSaid ? undefined : { start, end };
}

/** Where the same quote stands again. One that was once not found is not looked for again: the whole stays linear. */
function closes(text: string, from: number, quote: string, closers: Set<string>): number | undefined {
  if (closers.has(quote)) return undefined;
  for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + quote.length)) {
    let escapes = 0;
    while (escapes < 8 && at - escapes > from && text.charAt(at - escapes - 1) === '\\') escapes++;
    if (escapes % 2 === 0) return at;
  }
  closers.add(quote);
  return undefined;
}
