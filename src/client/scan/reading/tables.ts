import { isSecretKey, keyOf } from './keys.js';
import { LOWEST_LEVEL, type Said } from './said.js';
import { bareValue } from './values.js';

const MOST_OF_LINE = 4_096;
const RULE = /^\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?$|^\s*\|\s*:?-+:?\s*$/;
const SERVICE = /^(?:service|name|system|device|application|app|site|title|account|product|what)s?$/i;

/** The cells of a row (GitHub Flavored Markdown, tables): a pipe inside of one has a backslash before it. */
function cellsOf(line: string): string[] {
  const inside = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inside.split(/(?<!\\)\|/).map(cell => cell.trim().replaceAll('\\|', '|'));
}

const isRow = (line: string | undefined) =>
  line !== undefined && line.length <= MOST_OF_LINE && line.includes('|') && line.trim() !== '';

/** The table that begins at a line, if one does, and where it ends. */
export function tableAt(lines: string[], at: number): { said: Said[]; last: number } | undefined {
  const rule = lines[at + 1] ?? '';
  if (!isRow(lines[at]) || rule.length > MOST_OF_LINE || !RULE.test(rule)) return undefined;
  let last = at + 1;
  while (isRow(lines[last + 1])) last++;
  const head = cellsOf(lines[at] ?? '');
  const rows = lines.slice(at + 2, last + 1).map((line, n) => ({ cells: cellsOf(line), line: at + 3 + n }));
  const isByColumn = hasKeysAbove(head);
  const said = isByColumn
    ? rows.flatMap(row => byColumn(head, row.cells, row.line))
    : [{ cells: head, line: at + 1 }, ...rows].flatMap(({ cells: [word = '', value = ''], line }) =>
        pairOf(word, value, line),
      );
  return { said, last };
}

/** Whether the keys stand above the columns; in a table of keys and values they stand in the first one. */
function hasKeysAbove(head: string[]): boolean {
  const keys = head.map(keyOf).filter(key => key !== undefined);
  const ofValues = head.some(cell => /^\W*values?\W*$/i.test(cell));
  return !ofValues && keys.some(isSecretKey) && (keys.length > 1 || head.length > 2);
}

function pairOf(word: string, value: string, line: number): Said[] {
  const key = keyOf(word);
  return key && value !== '' ? [{ kind: 'pair', key, value: bareValue(value), line }] : [];
}

/** A row of a table whose columns are keys; what it is about stands in the column that is called so, else in the first other. */
function byColumn(head: string[], cells: string[], line: number): Said[] {
  const others = head.map((_, at) => at).filter(at => keyOf(head[at] ?? '') === undefined);
  const named = others.find(at => SERVICE.test(head[at]?.replace(/[*_`]/g, '').trim() ?? '')) ?? others[0];
  const service = named === undefined ? '' : bareValue(cells[named] ?? '');
  const pairs = head.flatMap((word, at) => pairOf(word, cells[at] ?? '', line));
  const heading: Said[] =
    service === '' ? [] : [{ kind: 'heading', level: LOWEST_LEVEL, text: service, line }];
  return [{ kind: 'end' }, ...heading, ...pairs, { kind: 'end' }];
}
