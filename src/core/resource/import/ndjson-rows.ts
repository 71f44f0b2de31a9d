import { fileFault } from './file-fault.js';

const LF = 10;

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
  let [row, line] = [0, 0];
  for await (const bytes of linesOf(text)) {
    line++;
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

async function* linesOf(text: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let begun: Buffer[] = [];
  for await (const piece of text) {
    let from = 0;
    for (let at = piece.indexOf(LF); at !== -1; at = piece.indexOf(LF, from)) {
      yield begun.length > 0 ? Buffer.concat([...begun, piece.subarray(from, at)]) : piece.subarray(from, at);
      begun = [];
      from = at + 1;
    }
    if (from < piece.length) begun.push(piece.subarray(from));
  }
  if (begun.length > 0) yield Buffer.concat(begun);
}
