import { isSecretKey, type Key, keyOf } from '../../key-words/keys.js';
import { LOWEST_LEVEL, type Said } from './said.js';
import { bareValue } from '../../key-words/values.js';

const MOST_OF_LINE = 4_096;
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

/** The line below the head: dashes in every cell, with a colon where the column is aligned. */
const isRule = (line: string) => isRow(line) && cellsOf(line).every(cell => /^:?-+:?$/.test(cell));

/** The table that begins at a line, if one does, and where it ends. */
export function tableAt(lines: string[], at: number): { said: Said[]; last: number } | undefined {
  const rule = lines[at + 1] ?? '';
  if (!isRow(lines[at]) || !isRule(rule)) return undefined;
  let last = at + 1;
  while (isRow(lines[last + 1])) last++;
  const head = cellsOf(lines[at] ?? '');
  const rows = lines.slice(at + 2, last + 1).map((line, n) => ({ cells: cellsOf(line), line: at + 3 + n }));
  const columns = hasKeysAbove(head) ? columnsOf(head) : undefined;
  const said = columns
    ? rows.flatMap(row => byColumn(columns, row.cells, row.line))
    : [{ cells: head, line: at + 1 }, ...rows].flatMap(({ cells: [word = '', value = ''], line }) =>
        pairOf(keyOf(word), value, line),
      );
  return { said, last };
}

/** Whether the keys stand above the columns; in a table of keys and values they stand in the first one. */
function hasKeysAbove(head: string[]): boolean {
  const keys = head.map(keyOf).filter(key => key !== undefined);
  const ofValues = head.some(cell => /^\W*values?\W*$/i.test(cell));
  return !ofValues && keys.some(isSecretKey) && (keys.length > 1 || head.length > 2);
}

function pairOf(key: Key | undefined, value: string, line: number): Said[] {
  return key && value !== '' ? [{ kind: 'pair', key, value: bareValue(value), line }] : [];
}

/** What stands in the columns of a table. */
interface Columns {
  /** By column; undefined for one of something else. */
  keys: (Key | undefined)[];
  /** The column that says what a row is about: the one that is called so, else the first other; undefined for none. */
  service?: number;
}

function columnsOf(head: string[]): Columns {
  const keys = head.map(keyOf);
  const others = head.map((_, at) => at).filter(at => keys[at] === undefined);
  const named = others.find(at => SERVICE.test(head[at]?.replace(/[*_`]/g, '').trim() ?? ''));
  return { keys, service: named ?? others[0] };
}

/** A row of a table whose columns are keys. Of the columns only those are looked at that the row has. */
function byColumn({ keys, service: at }: Columns, cells: string[], line: number): Said[] {
  const service = at === undefined ? '' : bareValue(cells[at] ?? '');
  const pairs = cells.flatMap((value, column) => pairOf(keys[column], value, line));
  const heading: Said[] =
    service === '' ? [] : [{ kind: 'heading', level: LOWEST_LEVEL, text: service, line }];
  return [{ kind: 'end' }, ...heading, ...pairs, { kind: 'end' }];
}
