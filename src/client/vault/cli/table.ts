/** Rows below a heading, in columns; the heading alone when there are none. */
export function table(heading: string[], rows: string[][]): string {
  const lines = [heading, ...rows];
  const widths = heading.map((_, at) => Math.max(...lines.map(line => (line[at] ?? '').length)));
  return lines
    .map(line =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
