import { stringify } from 'csv-stringify/sync';

/**
 * Where spreadsheets see a formula, by the list of OWASP and ASVS 1.2.10 (full-width twins and what is behind spaces
 * included), and our own mark, so that it can be taken away again.
 */
const RISKY = /^(?:['\u0000-\u001f]|\s*[=+\-@＝＋－＠])/u;
/**
 * Begins with a sign and cannot be calculated: a phone number without `-` and `/`, or one plain number. No letter, no
 * second operator: neither a name, a function nor a link to another program can stand in it.
 */
const HARMLESS = /^(?:\+\d[\d ().]*|-\d+(?:\.\d+)?)$/;
/** Between the items of a list. */
const BETWEEN = '; ';

/**
 * A value as a cell; whoever reads it knows the field's type. Absent, empty text and empty list are an empty cell. An
 * apostrophe stands before what a spreadsheet could calculate, and before an apostrophe: a reader removes exactly one.
 * A list is `a; b`, or JSON where that would not be exact (it then begins with `[`); a map is JSON.
 */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text =
    typeof value === 'string' ? value : Array.isArray(value) ? listCell(value) : JSON.stringify(value);
  return RISKY.test(text) && !HARMLESS.test(text) ? `'${text}` : text;
}

function listCell(items: unknown[]): string {
  if (items.length === 0) return '';
  const plain = items.every(one => typeof one === 'string' && !one.includes(';'));
  const text = items.join(BETWEEN);
  return plain && text !== '' && !text.startsWith('[') ? text : JSON.stringify(items);
}

/** Lines by RFC 4180; cells with a semicolon or a tab are quoted too, for programs that separate by those. */
export function csvLines(rows: unknown[][]): string {
  return csvText(rows.map(row => row.map(csvCell)));
}

/** As {@link csvLines}, of cells as they shall stand there. */
export function csvText(cells: string[][]): string {
  return stringify(cells, { quoted_match: /[;\t\r\n]/ });
}
