/** RFC 4180, written apart from the library that exports. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const cell = cellAt(text, at);
    row.push(cell.value);
    const after = text[cell.end];
    if (after !== ',') {
      rows.push(row);
      row = [];
    }
    at = cell.end + (text.startsWith('\r\n', cell.end) ? 2 : 1);
  }
  return rows;
}

function cellAt(text: string, from: number): { value: string; end: number } {
  if (text[from] !== '"') {
    const end = from + (/^[^,\r\n]*/.exec(text.slice(from))?.[0].length ?? 0);
    return { value: text.slice(from, end), end };
  }
  const quoted = /^"((?:[^"]|"")*)"/.exec(text.slice(from));
  if (!quoted) throw new Error('A quoted cell has no end');
  return { value: (quoted[1] ?? '').replaceAll('""', '"'), end: from + quoted[0].length };
}
