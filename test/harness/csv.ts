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

export type CellType = 'text' | 'number' | 'flag' | 'list' | 'map';

/**
 * A cell as a value, by the rule that docs/api.md gives to whoever reads an export. An empty cell is null, though an
 * empty text and an empty list are written so too.
 */
export function decodeCell(cell: string, type: CellType): unknown {
  const text = cell.startsWith("'") ? cell.slice(1) : cell;
  if (text === '') return null;
  if (type === 'number') return Number(text);
  if (type === 'flag') return text === 'true';
  if (type === 'map') return JSON.parse(text);
  if (type === 'list') return text.startsWith('[') ? JSON.parse(text) : text.split('; ');
  return text;
}

/** The type that the document gives a field. */
export function cellType(schema: { type?: unknown } | undefined): CellType {
  const types = [schema?.type].flat();
  if (types.includes('array')) return 'list';
  if (types.includes('object')) return 'map';
  if (types.includes('boolean')) return 'flag';
  return types.includes('integer') || types.includes('number') ? 'number' : 'text';
}
