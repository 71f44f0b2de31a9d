import { printable, printableCell, printableJson } from '../formats/printable.js';

/** How the command line is called from the folder of the project, before `admin …`. */
export const OPSKEEP = 'npm run --silent opskeep --';

/** A table in plain text: columns as wide as their longest cell, two spaces between; no cell commands the terminal. */
export function table(head: string[], rows: string[][]): string {
  const all = [head, ...rows].map(row => row.map(printableCell));
  const widths = head.map((_, column) => Math.max(...all.map(row => [...(row[column] ?? '')].length)));
  const line = (row: string[]) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ');
  return all.map(line).join('\n');
}

/** What was asked for, to stdout: as JSON, or in words. */
export function print(json: boolean | undefined, value: unknown, words: () => string): void {
  process.stdout.write(`${json ? printableJson(value) : printable(words())}\n`);
}

/** Everything else, to stderr. */
export function printNotice(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

const EVERY_MS = 1_000;

/**
 * Tells how far a long work is: one line that changes on a terminal, a plain line each second elsewhere, and the last
 * where one was told before.
 */
export class Progress {
  private shownAt?: number;
  private drawn = false;
  private last = '';
  private told = '';

  constructor(private readonly what: string) {}

  /** @param total none where it is not known how many there are */
  at(done: number, total?: number): void {
    const terminal = process.stderr.isTTY;
    this.shownAt ??= Date.now();
    const among =
      total === undefined ? '' : ` of ${total} (${Math.floor((100 * done) / Math.max(total, 1))} %)`;
    this.last = `${this.what}: ${done}${among}`;
    if (Date.now() - this.shownAt < (terminal ? 100 : EVERY_MS)) return;
    this.shownAt = Date.now();
    this.told = this.last;
    process.stderr.write(terminal ? `\r${this.last}\u001b[K` : `${this.last}\n`);
    this.drawn = terminal;
  }

  end(): void {
    if (this.drawn) process.stderr.write('\r\u001b[K');
    else if (this.told !== '' && this.told !== this.last) process.stderr.write(`${this.last}\n`);
    this.drawn = false;
    this.told = '';
  }
}
