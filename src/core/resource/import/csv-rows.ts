import { Readable } from 'node:stream';
import { CsvError, type InfoRecord, parse } from 'csv-parse';
import { parse as parseAtOnce } from 'csv-parse/sync';
import { fileFault } from './file-fault.js';
import { MOST_OF_LINE } from './file-text.js';

/** More than any resource has fields. */
const MOST_COLUMNS = 1_000;
const DELIMITERS = [',', ';', '\t'];
const QUOTE = 0x22;
const SHAPE = {
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true,
  skip_empty_lines: true,
  max_record_size: MOST_OF_LINE,
};

/** A row of CSV: its cells as they stand there. */
export interface CsvRow {
  /** From 1, without the line of names. */
  row: number;
  /** The line of the file on which it ends. */
  line: number;
  cells: string[];
}

export interface CsvFile {
  /** As the first line names them, trimmed. */
  columns: string[];
  rows: AsyncGenerator<CsvRow>;
}

/**
 * Reads CSV (RFC 4180) with a line of names, separated by commas, semicolons or tabs: by what most stands in that line.
 * Rows without any value are passed over.
 *
 * @param text of `fileText`
 * @throws ValidationError of the field `file`, also while the rows are read
 */
export async function readCsv(text: AsyncGenerator<Buffer>): Promise<CsvFile> {
  const { delimiter, from } = await delimiterOf(text);
  const records = recordsOf(from, delimiter);
  const first = await records.next();
  return { columns: namesIn(first.done ? [] : first.value.cells), rows: rowsAfter(records) };
}

/**
 * The names of the columns alone.
 *
 * @param start of the text, as `startText` gives it
 */
export function columnsIn(start: Buffer): string[] {
  try {
    const [first] = parseAtOnce(start, { ...SHAPE, delimiter: mostIn(start), to: 1 });
    return namesIn(first ?? []);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw saidOf(error);
  }
}

async function* rowsAfter(records: AsyncGenerator<Omit<CsvRow, 'row'>>): AsyncGenerator<CsvRow> {
  let row = 0;
  for await (const { line, cells } of records) {
    row++;
    if (cells.some(cell => cell !== '')) yield { row, line, cells };
  }
}

function namesIn(cells: string[]): string[] {
  const columns = cells.map(one => one.trim());
  while (columns.at(-1) === '') columns.pop();
  if (columns.length === 0)
    throw fileFault('is empty, or its first line is: it begins with a line that names its columns', 'empty');
  if (columns.length > MOST_COLUMNS) throw fileFault(`has more than ${MOST_COLUMNS} columns`, 'columns');
  const unnamed = columns.indexOf('');
  if (unnamed !== -1) throw fileFault(`has no name above its column ${unnamed + 1}`, 'columns');
  const twice = columns.findIndex((one, at) => columns.indexOf(one) !== at);
  if (twice !== -1) throw fileFault(`has the column of place ${twice + 1} twice`, 'columns');
  return columns;
}

/** The delimiter of the first line, and the text from its beginning. */
async function delimiterOf(
  text: AsyncGenerator<Buffer>,
): Promise<{ delimiter: string; from: AsyncGenerator<Buffer> }> {
  const pieces: Buffer[] = [];
  let isOver = false;
  while (!isOver) {
    const next = await text.next();
    if (next.done) break;
    pieces.push(next.value);
    isOver = next.value.includes('\n') || next.value.includes('\r');
  }
  async function* from(): AsyncGenerator<Buffer> {
    yield* pieces.splice(0);
    yield* text;
  }
  return { delimiter: mostIn(Buffer.concat(pieces)), from: from() };
}

/** What stands in quotes separates nothing. */
function mostIn(text: Buffer): string {
  const counts = DELIMITERS.map(() => 0);
  const codes = DELIMITERS.map(one => one.charCodeAt(0));
  let quoted = false;
  for (const byte of text) {
    if (byte === QUOTE) quoted = !quoted;
    if (quoted) continue;
    if (byte === 10 || byte === 13) break;
    const at = codes.indexOf(byte);
    if (at !== -1) counts[at] = (counts[at] ?? 0) + 1;
  }
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

async function* recordsOf(
  text: AsyncGenerator<Buffer>,
  delimiter: string,
): AsyncGenerator<Omit<CsvRow, 'row'>> {
  const parser = parse({
    ...SHAPE,
    delimiter,
    info: true,
  });
  const source = Readable.from(text, { objectMode: true, highWaterMark: 1 });
  // A fault of the text reaches whoever reads the rows.
  source.once('error', error => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: InfoRecord }>)
      yield { cells: record, line: info.lines };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw saidOf(error);
  } finally {
    source.destroy();
    parser.destroy();
  }
}

/** Its own message quotes what it read. */
function saidOf(error: CsvError): Error {
  const line = Number(error.lines);
  if (error.code === 'CSV_MAX_RECORD_SIZE')
    return fileFault('ends a row of more than 1 MiB: a quote is missing, or too many', 'rowSize', line);
  return fileFault(`is no CSV (${error.code}): a quote is missing, or too many`, 'csv', line);
}
