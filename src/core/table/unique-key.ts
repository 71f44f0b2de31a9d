import { createHash } from 'node:crypto';
import type { FieldSpec } from './field-spec.js';
import { normalized } from '../../formats/normalized.js';

/**
 * A text as people tell texts apart: compatible forms (full width, ligatures) and upper and lower case are one. What
 * JavaScript has of full case folding: through upper case, where ß is SS and both lower sigmas are one.
 */
function foldText(text: string): string {
  const lower = normalized(text, 'NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ');
  return normalized(lower, 'NFKC');
}

/** Columns and the values that the rows have in them among which a text is unique. */
export type KeyScope = readonly (readonly [column: string, value: string])[];

/** SHA-256, so that its length does not depend on the text. */
export function uniqueKey(text: string, scope: KeyScope = []): string {
  const said = scope.length > 1 ? scope : (scope[0] ?? null);
  return createHash('sha256')
    .update(JSON.stringify([said, foldText(text)]))
    .digest('hex');
}

const apart = new WeakSet<object>();

/** Has a row written although another one has its text: with a key that nobody else can have. */
export function keepApart(row: object): void {
  apart.add(row);
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
  const scope = within.filter(name => row[name] !== null).map(name => [name, String(row[name])] as const);
  return uniqueKey(text, apart.has(row) ? [...scope, ['id', String(row.id)]] : scope);
}
