import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import { FormatError } from '../../formats/format-error.js';
import { decodeUtf8 } from '../../formats/utf8.js';
import type { FileFormat } from './folder-format.js';
import { folderFault } from './folder-fault.js';
import type { Part } from './folder-parts.js';
import { openPlainFile } from './plain-file.js';
import { readerOf } from './folder-rows.js';

/** Bytes of the longest line: a row has no more. */
const MOST_OF_LINE = 64 * 1024 * 1024;
const NEW_LINE = 0x0a;

/** What a manifest says of a file. */
interface Said {
  file: string;
  size: number;
  checksum_sha256: string;
}

/**
 * The bytes of a file, which are known to be what the manifest says when they have ended.
 *
 * @throws ValidationError for a file that is another one, cut or damaged
 */
export async function* verifiedBytes(folder: string, said: Said): AsyncGenerator<Buffer> {
  const { file: name, size, checksum_sha256 } = said;
  const file = await openPlainFile(join(folder, name), name);
  const hash = createHash('sha256');
  try {
    if ((await file.stat()).size !== size) throw folderFault(name, 'is damaged: it has another length');
    for await (const bytes of file.createReadStream({ autoClose: false, highWaterMark: 256 * 1024 })) {
      hash.update(bytes as Buffer);
      yield bytes as Buffer;
    }
    if (hash.digest('hex') !== checksum_sha256)
      throw folderFault(name, 'is damaged: it is not what the manifest says');
  } finally {
    await file.close();
  }
}

/** A row of a file as it was read, from 1; undefined for what is none. */
export interface ReadRow {
  row: number;
  value: Record<string, unknown> | undefined;
}

/** The rows of a file, which are known to be whole when they have ended. */
export async function* readRows(
  folder: string,
  part: Part,
  said: Said,
  format: FileFormat,
): AsyncGenerator<ReadRow> {
  const bytes = verifiedBytes(folder, said);
  yield* format === 'csv' ? csvRows(bytes, part, said.file) : jsonRows(bytes, said.file);
}

async function* jsonRows(bytes: AsyncIterable<Buffer>, name: string): AsyncGenerator<ReadRow> {
  let row = 0;
  for await (const line of linesOf(bytes, name)) {
    if (turnIsOver()) await nextTurn();
    yield { row: ++row, value: parsed(line) };
  }
}

function parsed(line: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(decodeUtf8(line));
    const isRow = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isRow ? (value as Record<string, unknown>) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Lines of bytes, without their ends. */
export async function* linesOf(bytes: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let length = 0;
  for await (const piece of bytes) {
    let from = 0;
    for (let to = piece.indexOf(NEW_LINE); to >= 0; to = piece.indexOf(NEW_LINE, from)) {
      yield Buffer.concat([...waiting, piece.subarray(from, to)]);
      [waiting, length, from] = [[], 0, to + 1];
    }
    if (from === piece.length) continue;
    waiting.push(piece.subarray(from));
    length += piece.length - from;
    if (length > MOST_OF_LINE) throw folderFault(name, 'has a line of more than 64 MiB');
  }
  if (waiting.length > 0) throw folderFault(name, 'is damaged: its last line is cut');
}

async function* csvRows(bytes: AsyncIterable<Buffer>, part: Part, name: string): AsyncGenerator<ReadRow> {
  const parser = parse({ record_delimiter: '\n', max_record_size: MOST_OF_LINE, relax_column_count: true });
  const source = Readable.from(bytes, { objectMode: false, highWaterMark: 256 * 1024 });
  // A fault of the bytes reaches whoever reads the rows.
  source.once('error', error => parser.destroy(error));
  source.pipe(parser);
  let read: ReturnType<typeof readerOf> | undefined;
  let row = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      if (turnIsOver()) await nextTurn();
      if (read) yield { row: ++row, value: read(cells) };
      else read = readerOf(part, cells);
    }
  } catch (error) {
    // Its own message quotes what it read.
    if (String((error as { code?: unknown }).code).startsWith('CSV_')) throw folderFault(name, 'is no CSV');
    throw error;
  } finally {
    source.destroy();
    parser.destroy();
  }
}
