import { createHash } from 'node:crypto';
import type { FieldSpec } from './field-spec.js';

/**
 * A text as people tell texts apart: compatible forms (full width, ligatures) and upper and lower case are one. What
 * JavaScript has of full case folding: through upper case, where ß is SS and both lower sigmas are one.
 */
function foldText(text: string): string {
  const lower = text.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ');
  return lower.normalize('NFKC');
}

/** SHA-256, so that its length does not depend on the text. `scope`: the column and value that it is unique in. */
export function uniqueKey(text: string, scope: readonly [string, string] | undefined): string {
  return createHash('sha256')
    .update(JSON.stringify([scope ?? null, foldText(text)]))
    .digest('hex');
}

/** Where a unique text is kept as it is compared. */
export interface KeyOf {
  field: string;
  within: readonly string[];
}

/** The column that makes `uniqueWithin` true in the database: `name_key` beside `name`. */
export function keyField(field: FieldSpec): FieldSpec | undefined {
  if (!field.uniqueWithin) return undefined;
  return {
    name: `${field.name}_key`,
    column: { kind: 'text', length: 64 },
    nullable: true,
    index: false,
    unique: true,
    internal: true,
    readOnly: true,
    writeOnly: true,
    validators: [],
    api: {},
    keyOf: { field: field.name, within: field.uniqueWithin },
  };
}

/**
 * The value of a key column, from the row's other columns; undefined where none of them is there, as in a partial
 * change.
 */
export function keyValue({ field, within }: KeyOf, row: Record<string, unknown>): string | null | undefined {
  const needed = [field, ...within];
  const missing = needed.filter(name => row[name] === undefined);
  if (missing.length === needed.length) return undefined;
  if (missing.length > 0) throw new Error(`A change of ${needed.join(', ')} needs all of them`);
  const text = row[field] as string | null;
  if (text === null) return null;
  const column = within.find(name => row[name] !== null);
  return uniqueKey(text, column === undefined ? undefined : [column, String(row[column])]);
}
