import type { FieldSpec } from '../../table/field-spec.js';

const MARK = "'";
/** Between the items of a list, with the space that an export puts behind. */
const BETWEEN = /; ?/;

/** What stands in a cell, without the apostrophe that an export puts before what a spreadsheet could calculate. */
export function cellText(cell: string): string {
  return cell.startsWith(MARK) ? cell.slice(1) : cell;
}

/**
 * A cell as the value of a field; undefined for an empty one. What is no value of the field stays text, so that the
 * rules of the field say what it must be. The reverse of `csvCell` of `resource/export`.
 */
export function cellValue({ column, api }: Pick<FieldSpec, 'column' | 'api'>, cell: string): unknown {
  const text = cellText(cell);
  if (text === '') return undefined;
  switch (column.kind) {
    case 'flag':
      return flagIn(text);
    case 'whole':
    case 'big':
      return /^-?\d{1,16}$/.test(text.trim()) ? Number(text) : text;
    case 'json':
      return (api as { type?: unknown }).type === 'array' ? listIn(text) : jsonIn(text);
    default:
      return text;
  }
}

/** Spreadsheets write TRUE. */
function flagIn(text: string): unknown {
  const said = text.trim().toLowerCase();
  return said === 'true' ? true : said === 'false' ? false : text;
}

/** `a; b`, or JSON where that would not be exact. */
export function listIn(text: string): unknown {
  return text.startsWith('[') ? jsonIn(text) : text.split(BETWEEN);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
