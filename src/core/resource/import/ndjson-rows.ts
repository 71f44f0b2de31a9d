import { fileFault } from './file-fault.js';

const LF = 10;
const CR = 13;

/** A line of NDJSON. */
export interface JsonRow {
  /** From 1. */
  row: number;
  /** The line of the file. */
  line: number;
  /** What the line says; undefined where it is no JSON. */
  value: unknown;
  /** Its characters. */
  size: number;
}

/**
 * Reads NDJSON: a line of JSON for each row. Empty lines are passed over.
 *
 * @param text of `fileText`
 * @throws ValidationError of the field `file`
 */
export async function* readNdjson(text: AsyncGenerator<Buffer>): AsyncGenerator<JsonRow> {
  let row = 0;
  for await (const { bytes, line } of linesOf(text)) {
    const said = bytes.toString('utf8').trim();
    if (said !== '') yield { row: ++row, line, value: parsed(said), size: said.length };
  }
  if (row === 0) throw fileFault('is empty', 'empty');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Lines that are not empty, with their numbers; runs of line breaks cost no turn of the event loop each. */
async function* linesOf(text: AsyncGenerator<Buffer>): AsyncGenerator<{ bytes: Buffer; line: number }> {
  let begun: Buffer[] = [];
  let line = 0;
  for await (const piece of text) {
    let from = 0;
    for (let at = piece.indexOf(LF); at !== -1; at = piece.indexOf(LF, from)) {
      line++;
      const bytes = piece.subarray(from, at);
      from = at + 1;
      if (begun.length === 0 && isEmpty(bytes)) continue;
      yield { bytes: begun.length > 0 ? Buffer.concat([...begun, bytes]) : bytes, line };
      begun = [];
    }
    if (from < piece.length) begun.push(piece.subarray(from));
  }
  if (begun.length > 0) yield { bytes: Buffer.concat(begun), line: line + 1 };
}

const isEmpty = (bytes: Buffer) => bytes.length === 0 || (bytes.length === 1 && bytes[0] === CR);
