import { printableCell } from '../../formats/printable.js';
import { surroundings } from '../environment.js';
import { print, stdout } from './output.js';
import { fitted, padded, widthOf } from './width.js';

const GAP = 2;
/** Below that a column says nothing. */
const NARROWEST = 8;

const ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** Of a terminal that has no room for an id beside a name: there the id gives way first, and `--json` tells it. */
const NARROW = 60;

/** Widths of columns that fit together: the widest give way first, ids not, unless the terminal is narrow. */
function widthsOf(lines: string[][], terminal: number): number[] {
  const columns = (lines[0] ?? []).map((_, at) => lines.map(line => line[at] ?? ''));
  const widths = columns.map(cells => cells.reduce((most, cell) => Math.max(most, widthOf(cell)), 0));
  const gives = columns.map(cells => terminal < NARROW || !cells.some(cell => ID.test(cell)));
  const room = terminal - GAP * (widths.length - 1);
  for (let over = widths.reduce((sum, one) => sum + one, 0) - room; over > 0;) {
    const most = Math.max(...widths.filter((_, at) => gives[at]));
    if (!(most > NARROWEST)) break;
    const at = widths.findIndex((width, column) => gives[column] && width === most);
    const next = Math.max(
      NARROWEST,
      most - over,
      ...widths.filter((one, column) => gives[column] && one < most),
    );
    const less = Math.max(1, most - next);
    widths[at] = most - less;
    over -= less;
  }
  return widths;
}

/**
 * Rows below a heading, in columns; the heading alone when there are none. Whatever cells hold, a row is one line.
 *
 * @param terminal columns that there are; cells are cut to fit
 */
export function table(heading: string[], rows: string[][], terminal = terminalWidth()): string {
  const lines = [heading, ...rows.map(row => row.map(printableCell))];
  const widths = widthsOf(lines, terminal);
  return lines
    .map(line =>
      line
        .map((cell, at) => padded(fitted(cell, widths[at] ?? 0), widths[at] ?? 0))
        .join(' '.repeat(GAP))
        .trimEnd(),
    )
    .join('\n');
}

/** Without a terminal nothing is cut; some tell no width, or 0. */
const terminalWidth = () => (process.stdout.isTTY ? process.stdout.columns || 80 : Infinity);

/** Whether colours are wanted (no-color.org). */
function isColoured(): boolean {
  const { variable } = surroundings();
  return process.stdout.isTTY && variable('NO_COLOR') === undefined && variable('TERM') !== 'dumb';
}

/** A list to stdout: as JSON, or as a table, whose heading stands out on a terminal. */
export function printTable(json: boolean, value: unknown, heading: string[], rows: string[][]): void {
  if (json) return print(true, value, () => '');
  const [first = '', ...rest] = table(heading, rows).split('\n');
  const head = isColoured() ? `\u001b[1m${first}\u001b[0m` : first;
  stdout().write(`${[head, ...rest].join('\n')}\n`);
}
