import { keyOf } from '../../key-words/keys.js';
import type { Said } from './said.js';
import { tableAt } from './tables.js';
import { bareValue } from '../../key-words/values.js';

const MOST_OF_LINE = 4_096;
const MOST_OF_HEADING = 120;
/** Read before the time is looked at: a few milliseconds of work. */
const LINES_AT_ONCE = 256;
const HEADING = /^ {0,3}(#{1,6})\s(.*)$/s;
/** The signs that some close a heading with (CommonMark, ATX headings). */
const CLOSING = /(?<=\s)#+$/;
const STRONG_LINE = /^(?:\*\*|__)([^*_].*?)(?:\*\*|__)\s*:?$/;
const FENCE = /^ {0,3}(?:`{3,}|~{3,})/;
const MARKS = /^(?:\s|>|[*+-]\s|\d{1,3}[.)]\s|\[[ x]\]\s)+/i;
/** Blanks between a key, its sign and its value, as people align them. */
const MOST_BLANKS = 40;
const BLANKS = `\\s{0,${MOST_BLANKS}}`;
/** `**Key:** value`, `**Key**: value`, `Key = value`; of a value only what stands in the line. */
const PAIR = new RegExp(
  `^(\\*{1,3}|_{1,3}|\`)?(\\p{L}[\\p{L}\\p{N} _./()-]{0,39}?)(?:${BLANKS}[:=]${BLANKS}\\1|\\1${BLANKS}[:=])(?!//)(.+)$`,
  'su',
);
const VARIABLE = new RegExp(
  `^(?:export${BLANKS}\\s|set${BLANKS}\\s)?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)${BLANKS}[:=](.+)$`,
  's',
);
/** U+2028 and U+2029 end a line, too: so says Unicode, and so does `.` of a regular expression. */
const LINE_ENDS = /\r\n|[\n\r\u2028\u2029]/;

/** What a line says of a credential, if anything. */
function pairIn(text: string, line: number): Said | undefined {
  const [, name, given] = VARIABLE.exec(text) ?? [];
  if (name !== undefined && keyOf(name) === undefined)
    return { kind: 'variable', name, value: bareValue(given ?? ''), line };
  const [, , word = '', value = ''] = PAIR.exec(text) ?? [];
  const key = keyOf(word);
  return key && { kind: 'pair', key, value: bareValue(value), line };
}

function headingIn(text: string, next: string, line: number): Said | undefined {
  if (text.length > MOST_OF_HEADING * 2) return undefined;
  const [, signs, rest = ''] = HEADING.exec(text) ?? [];
  const title = rest.trim().replace(CLOSING, '').trimEnd();
  if (signs !== undefined && title !== '') return { kind: 'heading', level: signs.length, text: title, line };
  const [, section] = /^\s*\[([^[\]]+)\]\s*$/.exec(text) ?? [];
  if (section !== undefined) return { kind: 'heading', level: 7, text: section, line };
  const [, strong] = STRONG_LINE.exec(text.trim()) ?? [];
  if (strong !== undefined) return { kind: 'heading', level: 7, text: strong.replace(/:$/, ''), line };
  if (text.trim() !== '' && /^ {0,3}(?:=+|-+)\s*$/.test(next) && next.trim().length > 2)
    return { kind: 'heading', level: next.includes('=') ? 1 : 2, text: text.trim(), line };
  return undefined;
}

/**
 * What Markdown or plain text says of credentials: headings, `Key: value` in paragraphs, lists and code, and tables.
 *
 * @param prose in plain text the first line of a paragraph is a heading, too, when it is none of these
 * @param isOver asked every few lines: what stands behind that is not read
 */
export function readLines(
  text: string,
  { prose, isOver = () => false }: { prose: boolean; isOver?: () => boolean },
): Said[] {
  const lines = text.replace(/^\ufeff/, '').split(LINE_ENDS);
  const said: Said[] = [];
  let fenced = false;
  let begins = true;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (at % LINES_AT_ONCE === 0 && isOver()) break;
    if (line.length > MOST_OF_LINE) continue;
    if (!prose && FENCE.test(line)) {
      fenced = !fenced;
      continue;
    }
    const found = fenced ? undefined : tableAt(lines, at);
    if (found) {
      said.push(...found.said);
      at = found.last;
      continue;
    }
    const words = line.replace(MARKS, '').trimEnd();
    const heading = fenced ? undefined : headingIn(line, lines[at + 1] ?? '', at + 1);
    const one = pairIn(words, at + 1) ?? heading ?? (prose && begins ? paragraph(words, at + 1) : undefined);
    if (one) said.push(one);
    begins = words === '';
  }
  return said;
}

/** The first line of a paragraph; one that is too long is no name of anything. */
function paragraph(words: string, line: number): Said | undefined {
  const text = words.replace(/:$/, '').trim();
  if (!/[\p{L}\p{N}]/u.test(text) || text.length > MOST_OF_HEADING) return undefined;
  return { kind: 'heading', level: 8, text, line };
}
