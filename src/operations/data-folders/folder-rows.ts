import { csvCell, csvText } from '../../core/resource/export/csv.js';
import { tagNames } from '../../core/resource/tags/tagging.js';
import { COLUMN_KINDS } from '../../core/database/column-kinds.js';
import type { SqlValue } from '../../core/database/sql.js';
import type { FieldSpec } from '../../core/table/field-spec.js';
import type { FileFormat } from './folder-format.js';
import { columnsOf, type Part } from './folder-parts.js';

const MARK = "'";
/** A list, as which the names of tags come. */
const TAGS = { column: { kind: 'json' } } as const;

type Kind = Pick<FieldSpec, 'column'>;

const kindsOf = ({ fields, isTaggable }: Part): Kind[] => [...fields, ...(isTaggable ? [TAGS] : [])];

/** The values of a stored row, as answers have them; tags are the last of its columns, where it has some. */
export function valuesOf(part: Part): (stored: SqlValue[]) => unknown[] {
  const decoders = part.fields.map(({ column }) => COLUMN_KINDS[column.kind].decode);
  return stored => {
    const values = stored
      .slice(0, decoders.length)
      .map((value, at) => (value === null ? null : (decoders[at]?.(value) ?? value)));
    return part.isTaggable ? [...values, tagNames(stored[decoders.length])] : values;
  };
}

/**
 * A cell from which the value comes back exactly: beside {@link csvCell}, which has an empty cell for each of these, an
 * empty text is an apostrophe, and an empty list is `[]`.
 */
function exactCell(value: unknown): string {
  if (value === '') return MARK;
  return Array.isArray(value) && value.length === 0 ? '[]' : csvCell(value);
}

/** The value of a cell; what is none of its kind stays text, which the field then refuses. */
function valueIn({ column }: Kind, cell: string): unknown {
  if (cell === '') return null;
  const text = cell.startsWith(MARK) ? cell.slice(1) : cell;
  switch (column.kind) {
    case 'flag':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'whole':
    case 'big':
      return /^-?\d{1,16}$/.test(text) ? Number(text) : text;
    case 'json':
      return /^[[{]/.test(text) ? parsed(text) : text.split('; ');
    default:
      return text;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** How the rows of a part stand in a file: its first line, where it has one, and the text of some rows. */
export function writerOf(
  part: Part,
  format: FileFormat,
): { head: string; text: (rows: unknown[][]) => string } {
  const columns = columnsOf(part);
  if (format === 'csv')
    return { head: csvText([columns]), text: rows => csvText(rows.map(row => row.map(exactCell))) };
  const line = (row: unknown[]) =>
    `${JSON.stringify(Object.fromEntries(columns.map((name, at) => [name, row[at]])))}\n`;
  return { head: '', text: rows => rows.map(line).join('') };
}

/** What makes a row of a line of CSV; undefined where that has more or fewer cells than there are columns. */
export function readerOf(
  part: Part,
  columns: readonly string[],
): (cells: readonly string[]) => Record<string, unknown> | undefined {
  const known = columnsOf(part);
  const all = kindsOf(part);
  const kinds = columns.map(name => all[known.indexOf(name)] ?? TAGS);
  return cells =>
    cells.length === columns.length
      ? Object.fromEntries(columns.map((name, at) => [name, valueIn(kinds[at] ?? TAGS, cells[at] ?? '')]))
      : undefined;
}
