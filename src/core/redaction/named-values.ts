import { isInMarker, marker } from './marker.js';
import { KINDS, NAME, SUFFIX } from './secret-names.js';
import { isNoSecret, looksChosen, looksRandom } from './values.js';

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
/** A text of several lines in YAML (1.2.2, 8.1): those that follow and are as far in as the first. */
const BLOCK = /[|>][-+\d]{0,2}[ \t]{0,16}\r?\n(?=[ \t])/y;
const INDENT = /[ \t]{1,64}/y;
const BREAKS = /(?:\r?\n[ \t]*)*\r?\n/y;
/** What tells whether a value is a secret; the whole is read when it is: a text of nothing but names stays linear. */
const START = { bare: /[^\s"'`<>;]{1,140}/y, line: /[^\r\n]{0,140}/y };
const WHOLE = { bare: /[^\s"'`<>;]+/y, line: /[^\r\n]*/y };
/** Longer than anything that is recognized as no secret. */
const LONG = 135;
const TEMPLATE = /\$?\{\{[^{}\r\n]{0,200}\}\}/y;
/** A marker, with nothing behind it but what closes something. */
const MASKED = /^\[redacted:[a-z_]{1,30}\](?=[)\]}>,:\\]{0,8}$)/;
/** Where a bare value ends although no space does: `a=b&c=d`, `{a: b, c: d}`. */
const NEXT = /[,&](?=[&,]|$|[A-Za-z_][\w.-]{0,64}[=:])/;

interface Span {
  start: number;
  end: number;
  /** Whether there may be more than was read of it. */
  goesOn?: boolean;
}

/** Values beside names of secrets: `password=…`, `"token": "…"`, `--api-key …`, `PGPASSWORD=…`, `<secret>…`. */
export function maskNamed(text: string): string {
  const parts: string[] = [];
  const closers = new Set<string>();
  let done = 0;
  NAME.lastIndex = 0;
  for (let found = NAME.exec(text); found; found = NAME.exec(text)) {
    if (isInMarker(text, found.index)) continue;
    const kind = found.slice(1).findIndex(one => one !== undefined);
    const start = valueBeside(text, found, kind === 4, closers, START);
    if (!start || !isSecret(text.slice(start.start, start.end), found, kind)) continue;
    const isWhole = !start.goesOn && start.end - start.start < LONG;
    const span = isWhole ? start : (valueBeside(text, found, kind === 4, closers, WHOLE) ?? start);
    parts.push(text.slice(done, span.start), marker(KINDS[kind] ?? 'secret'));
    done = NAME.lastIndex = span.end;
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
    if (between) return valueAt(text, after + between.length, closers, values);
  }
  const spoken = weak ? '' : read(SPOKEN, text, after);
  const value = spoken ? valueAt(text, after + spoken.length, closers, values) : undefined;
  // "The password is wrong": what is said of it is a word.
  return value && looksChosen(text.slice(value.start, value.end)) ? value : undefined;
}

/** Whether the name that holds this place begins with a hyphen: `--db-password`. */
function isFlag(text: string, at: number): boolean {
  let start = at;
  while (start > 0 && at - start < 64 && /[A-Za-z0-9_-]/.test(text.charAt(start - 1))) start--;
  return text.charAt(start) === '-' && (start === 0 || /[\s"'`([]/.test(text.charAt(start - 1)));
}

function valueAt(text: string, from: number, closers: Set<string>, values: typeof WHOLE): Span {
  const block = read(BLOCK, text, from);
  if (block) return blockAt(text, from + block.length, values);
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
  return { start, end: start + masked.length };
}

function blockAt(text: string, at: number, values: typeof WHOLE): Span {
  const indent = read(INDENT, text, at);
  const start = at + indent.length;
  let end = start + read(values.line, text, start).length;
  if (values === START) return { start, end, goesOn: true };
  for (let breaks = read(BREAKS, text, end); breaks; breaks = read(BREAKS, text, end)) {
    const next = end + breaks.length;
    if (!text.startsWith(indent, next)) break;
    end = next + read(values.line, text, next).length;
  }
  return { start, end };
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

function read(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}
