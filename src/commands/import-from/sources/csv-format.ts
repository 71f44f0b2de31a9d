import { UsageError } from '../../../failure.js';
import { type Item, MOST_CHARACTERS, newItem, type Reading, type Told } from '../item.js';
import { columnKey, readTable, type Table } from '../reading/table.js';
import type { Source } from './names.js';

/** The cells of a row by what they mean; empty where the file has no such column. */
export type Cells<M extends string> = Record<M, string>;

/** A program's CSV: which columns it has, and what a row of them says. */
export interface CsvFormat<M extends string = string> {
  source: Source;
  /** How people call it. */
  label: string;
  /** The names of each column, as different versions write it; the first is the one of today. */
  columns: Record<M, readonly string[]>;
  /** Without these it is another program's file. */
  required: readonly M[];
  /** Columns that hold nothing worth bringing in. */
  ignored: readonly string[];
  /** What stands before a quote in a quoted cell, where that is no quote; of the keys of the columns. */
  escape?: (columns: string[]) => string;
  item: (cells: Cells<M>) => Partial<Item>;
  /** Whether a row was thrown away: it stays in the trash. */
  isTrash?: (cells: Cells<M>) => boolean;
}

const keysOf = (names: readonly string[]) => names.map(columnKey);

/** Whether a file with these columns is of the format. */
export function fits<M extends string>(format: CsvFormat<M>, columns: string[]): boolean {
  const found = new Set(columns.map(columnKey));
  return format.required.every(one => keysOf(format.columns[one]).some(key => found.has(key)));
}

/** How many of the columns a format knows. */
function knownOf({ columns: names, ignored }: CsvFormat, columns: string[]): number {
  const known = new Set(keysOf([...Object.values(names).flat(), ...ignored]));
  return columns.filter(one => known.has(columnKey(one))).length;
}

/** The formats that a file may be of, where another knows more of its columns than this one does: they would be lost. */
function betterThan(format: CsvFormat, all: readonly CsvFormat[], columns: string[]): CsvFormat[] {
  const known = fits(format, columns) ? knownOf(format, columns) : 0;
  return all.filter(one => fits(one, columns) && knownOf(one, columns) > known);
}

/** @throws UsageError where the file is not of this format, saying which columns it has and of which format it may be */
export function readCsv<M extends string>(
  text: string,
  format: CsvFormat<M>,
  all: readonly CsvFormat[],
): Reading {
  const table = readTable(text, format.escape);
  const better = betterThan(format, all, table.columns);
  if (!fits(format, table.columns) || better.length > 0)
    throw otherFormat(table.columns, format, all, better);
  const keys = table.columns.map(columnKey);
  const meanings = Object.keys(format.columns) as M[];
  const places = meanings.map(one => [one, keysOf(format.columns[one])] as const);
  const columnOf = new Map(places.map(([one, names]) => [one, keys.findIndex(key => names.includes(key))]));
  const reading: Reading = { items: [], left: [], remarks: unreadColumns(table, format) };
  for (const { cells, line } of table.rows) {
    const where = `line ${line}`;
    const shifted = wrongCells(cells, table.columns, where);
    if (shifted) reading.left.push(shifted);
    else {
      const valueOf = (one: M) => cells[columnOf.get(one) ?? -1] ?? '';
      const named = Object.fromEntries(meanings.map(one => [one, valueOf(one)])) as Cells<M>;
      const item = withKind(newItem({ where, ...format.item(named) }));
      if (format.isTrash?.(named)) reading.left.push({ where, name: item.title, reason: 'in the trash' });
      else reading.items.push(item);
    }
  }
  return reading;
}

/** An entry that is nothing but a text is a note, in every program whose CSV has no column that says so. */
function withKind(item: Item): Item {
  const isNote = item.notes !== '' && [item.username, item.password, item.totp].every(one => one === '');
  return { ...item, kind: isNote ? 'note' : item.kind };
}

/** In a row whose cells are not those of the first line a secret could stand under any name. */
function wrongCells(cells: string[], columns: string[], where: string): Told | undefined {
  if (cells.length !== columns.length)
    return {
      where,
      name: null,
      reason: `it has ${cells.length} cells, and the first line ${columns.length}`,
    };
  const isLong = cells.some(one => one.length > MOST_CHARACTERS);
  return isLong
    ? { where, name: null, reason: 'one of its cells has more than 1,000,000 characters' }
    : undefined;
}

function unreadColumns(table: Table, format: CsvFormat): string[] {
  const read = new Set([...Object.values(format.columns).flat(), ...format.ignored].map(columnKey));
  const unread = table.columns.filter((name, column) => {
    const isUsed = table.rows.some(({ cells }) => (cells[column] ?? '') !== '');
    return isUsed && !read.has(columnKey(name));
  });
  return unread.map(name => `The column ${name.slice(0, 60)} is not known, and not brought in.`);
}

/** A file without a first line of names begins with secrets: only names that some format has are repeated. */
function otherFormat(
  columns: string[],
  format: CsvFormat,
  all: readonly CsvFormat[],
  better: readonly CsvFormat[],
): UsageError {
  const known = new Set(all.flatMap(one => Object.values(one.columns).flat()).map(columnKey));
  const named = columns.filter(one => known.has(columnKey(one)));
  const others = columns.length - named.length;
  const found = [...named, ...(others > 0 ? [`${others} of other names`] : [])].join(', ');
  const wanted = format.required
    .map(one => (format.columns as Record<string, readonly string[]>)[one]?.[0])
    .join(', ');
  const hint = better.map(one => ` It looks like an export of ${one.label}: import-from ${one.source}.`);
  const why = fits(format, columns)
    ? `others of its columns than ${format.label} has would be lost.`
    : `its first line must name ${wanted}, and has ${found}.`;
  return new UsageError(`This is no export of ${format.label}: ${why}${hint.join('')}`);
}

/** Deeper than anybody's folders: there, the whole is one name. */
const DEEPEST = 30;

/** `a/b` as a path. */
export function pathOf(text: string): string[][] {
  const parts = text.split('/', DEEPEST + 1).map(one => one.trim());
  return parts.length > DEEPEST
    ? folderOf(text)
    : [parts.filter(one => one !== '')].filter(one => one.length > 0);
}

/** A name that is no path. */
export const folderOf = (text: string): string[][] => (text.trim() === '' ? [] : [[text.trim()]]);

export const isYes = (text: string): boolean => /^(?:true|yes|y|1|x)$/i.test(text.trim());

/** Fields that anybody may see, of those that are not empty. */
export function shownFields(values: Record<string, string>): Item['fields'] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === '' ? [] : [{ name, value, isHidden: false }],
  );
}
