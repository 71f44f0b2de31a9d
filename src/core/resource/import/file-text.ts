import { nextTurn, turnIsOver } from '../../workers/turns.js';
import { fileFault } from './file-fault.js';
import { KNOWN_BY, refuseForeign } from './file-kind.js';

/** Bytes that are looked at before others are let in. */
const PIECE = 64 * 1024;
/** As much as a body of JSON may have: no row has more. */
export const MOST_OF_LINE = 1024 * 1024;
const [LF, CR] = [10, 13];
const TOO_LONG = `is longer than 1 MiB without a line break`;

/** How a file says what it is written in; UTF-8 unless it begins with the mark of another. */
const MARKS = [
  { bytes: Buffer.from([0xef, 0xbb, 0xbf]), encoding: 'utf-8' },
  { bytes: Buffer.from([0xff, 0xfe]), encoding: 'utf-16le' },
  { bytes: Buffer.from([0xfe, 0xff]), encoding: 'utf-16be' },
] as const;

/**
 * A file as UTF-8 without a mark, in pieces. UTF-8 is read with and without its mark, UTF-16 with it. What is no text
 * is refused by name at its first bytes, and so are lines without an end: no more than a line is ever held.
 *
 * @throws ValidationError of the field `file`
 */
export async function* fileText(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let decode: ((piece: Buffer | undefined) => Buffer) | undefined;
  let start = Buffer.alloc(0);
  const lines = new LineLengths();
  for await (const bytes of source) {
    for (let from = 0; from < bytes.length; from += PIECE) {
      if (turnIsOver()) await nextTurn();
      let piece = Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(PIECE, bytes.length - from));
      if (!decode) {
        start = Buffer.concat([start, piece]);
        if (start.length < KNOWN_BY) continue;
        ({ decode, rest: piece } = begun(start));
      }
      const text = decode(piece);
      lines.read(text);
      yield text;
    }
  }
  if (!decode) {
    const { decode: last, rest } = begun(start);
    yield last(rest);
    decode = last;
  }
  yield decode(undefined);
}

/**
 * The beginning of a file as UTF-8 without a mark.
 *
 * @param isAll whether nothing comes behind it; else the last letter may be cut off
 * @throws ValidationError of the field `file`
 */
export function startText(start: Buffer, isAll: boolean): Buffer {
  const { decode, rest } = begun(start);
  const text = decode(rest);
  if (isAll) decode(undefined);
  new LineLengths().read(text);
  return text;
}

function begun(start: Buffer): { decode: (piece: Buffer | undefined) => Buffer; rest: Buffer } {
  refuseForeign(start);
  const mark = MARKS.find(({ bytes }) => start.subarray(0, bytes.length).equals(bytes));
  const rest = start.subarray(mark?.bytes.length ?? 0);
  return { decode: decoderOf(mark?.encoding ?? 'utf-8'), rest };
}

function decoderOf(encoding: (typeof MARKS)[number]['encoding']): (piece: Buffer | undefined) => Buffer {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return piece => {
    let text: string;
    try {
      text = decoder.decode(piece, { stream: piece !== undefined });
    } catch {
      throw fileFault(`is no text in ${encoding.toUpperCase()}: save it as UTF-8 (CSV UTF-8 in Excel)`, 'encoding'); // prettier-ignore
    }
    if (text.includes('\0')) throw fileFault('contains a NUL character', 'nul');
    return Buffer.from(text);
  };
}

/** Counts from one line break to the next. */
class LineLengths {
  private line = 1;
  private length = 0;

  read(piece: Buffer): void {
    const first = breakIn(piece);
    if (this.length + (first ?? piece.length) > MOST_OF_LINE)
      throw fileFault(TOO_LONG, 'lineLength', this.line);
    if (first === undefined) {
      this.length += piece.length;
      return;
    }
    for (let at = piece.indexOf(LF); at !== -1; at = piece.indexOf(LF, at + 1)) this.line++;
    this.length = piece.length - 1 - Math.max(piece.lastIndexOf(LF), piece.lastIndexOf(CR));
  }
}

function breakIn(piece: Buffer): number | undefined {
  const found = [piece.indexOf(LF), piece.indexOf(CR)].filter(at => at !== -1);
  return found.length > 0 ? Math.min(...found) : undefined;
}
