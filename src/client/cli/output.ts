import { writeSync } from 'node:fs';
import { printable, printableJson } from '../../formats/printable.js';

let isStreamed = false;

/** Whether no stream was made for what was written: then none holds anything that is still to be written. */
export const isAllWritten = () => !isStreamed;

/** The standard output; a reader that has seen enough (`| head`) is no failure. */
export function stdout(): NodeJS.WriteStream {
  isStreamed = true;
  const stream = process.stdout;
  if (stream.listenerCount('error') === 0)
    stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  return stream;
}

/** Writes a short text as it is, without the stream: to make that takes Node.js longer than to read a value. */
export function writeAtOnce(text: string): void {
  let rest = Buffer.from(text);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') stdout().write(rest);
    else if (code !== 'EPIPE') throw error;
  }
}

/** A value to stdout: as JSON, or in words. */
export function print(json: boolean, value: unknown, words: () => string): void {
  const text = json ? printableJson(value) : printable(words());
  if (text !== '') stdout().write(`${text}\n`);
}

/** Everything else, to stderr. */
export function printNotice(line: string): void {
  isStreamed = true;
  process.stderr.write(`${printable(line)}\n`);
}

const EVERY_MS = 1_000;

/** Tells how far a long work is: one line that changes on a terminal, a plain line each second elsewhere. */
export class Progress {
  private shownAt = Date.now();
  private drawn = false;

  constructor(private readonly what: string) {}

  at(done: number, total: number): void {
    const terminal = process.stderr.isTTY;
    if (Date.now() - this.shownAt < (terminal ? 100 : EVERY_MS)) return;
    this.shownAt = Date.now();
    const text = `${this.what}: ${done} of ${total} (${Math.floor((100 * done) / Math.max(total, 1))} %)`;
    process.stderr.write(terminal ? `\r${text}\u001b[K` : `${text}\n`);
    this.drawn = terminal;
  }

  end(): void {
    if (this.drawn) process.stderr.write('\r\u001b[K');
  }
}
