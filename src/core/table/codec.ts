import { COLUMN_KINDS } from '../database/column-kinds.js';
import type { Row, SqlValue } from '../database/sql.js';
import type { FieldSpec } from './field-spec.js';

/** A valid value as it will be read back: UTC moments, decimals with their scale, ids in lower case. */
export function canonical({ column }: FieldSpec, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return COLUMN_KINDS[column.kind].canonical?.(value, column) ?? value;
}

/** A value of the wire → a value for a statement. */
export function encode(field: FieldSpec, value: unknown): SqlValue {
  if (value === null || value === undefined) return null;
  const { encode } = COLUMN_KINDS[field.column.kind];
  return encode ? encode(value) : (canonical(field, value) as SqlValue);
}

/** Turns rows as the driver gives them into rows of the wire, in place; made once for a set of columns. */
export function decoderOf<T>(fields: FieldSpec[]): (rows: Row[]) => T[] {
  const steps = fields.flatMap(({ name, column }) => {
    const { decode } = COLUMN_KINDS[column.kind];
    return decode ? [{ name, decode }] : [];
  });
  return rows => {
    for (const row of rows)
      for (const { name, decode } of steps) if (row[name] !== null) row[name] = decode(row[name]);
    return rows as T[];
  };
}
