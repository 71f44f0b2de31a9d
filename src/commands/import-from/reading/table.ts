import { CsvError, parse } from 'csv-parse/sync';
import { UsageError } from '../../../failure.js';

/** Rows of a CSV file under the names of its columns. */
export interface Table {
  /** As the file names them. */
  columns: string[];
  rows: TableRow[];
}

export interface TableRow {
  /** The line on which it begins, from 1. */
  line: number;
  cells: string[];
}

const DELIMITERS = [',', ';', '\t'];

/** Names of columns are compared without case, spaces and signs: `One-time password`, `one_time_password`. */
export const columnKey = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/**
 * Reads CSV (RFC 4180), separated by commas, semicolons or tabs: by what most stands in the first line.
 *
 * @param escape what stands before a quote inside of quotes
 * @throws UsageError naming the line that cannot be read
 */
export function readTable(text: string, escape: (columns: string[]) => string = () => '"'): Table {
  const delimiter = delimiterOf(text);
  const [head] = parsed(text, { delimiter, to: 1 });
  const columns = head?.cells.map(one => one.trim()) ?? [];
  const [, ...rows] = parsed(text, { delimiter, escape: escape(columns.map(columnKey)) });
  return { columns, rows: rows.filter(({ cells }) => cells.some(one => one !== '')) };
}

function delimiterOf(text: string): string {
  const [first = ''] = /^[^\r\n]*/.exec(text.trimStart()) ?? [];
  const counts = DELIMITERS.map(one => first.split(one).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

function parsed(text: string, options: { delimiter: string; escape?: string; to?: number }): TableRow[] {
  try {
    const records = parse(text, {
      ...options,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      info: true,
    }) as unknown as { record: string[]; info: { bytes: number } }[];
    const lineAt = linesOf(text);
    let end = 0;
    return records.map(({ record, info }) => {
      const line = lineAt(end);
      end = info.bytes;
      return { cells: record, line };
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Its message quotes what it read.
    throw new UsageError(
      `Line ${Number(error.lines)} is no CSV (${String(error.code)}): a quote is missing or too many.`,
    );
  }
}

/** Tells the line of what stands behind so many bytes and behind empty lines there; asked in order, it reads the text once. */
function linesOf(text: string): (bytes: number) => number {
  const bytes = Buffer.from(text);
  const [LF, CR] = [10, 13];
  let [at, line] = [0, 1];
  const isBreak = () => bytes[at] === LF || bytes[at] === CR;
  return to => {
    for (; at < bytes.length && (at < to || isBreak()); at++)
      if (bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] !== LF)) line++;
    return line;
  };
}
