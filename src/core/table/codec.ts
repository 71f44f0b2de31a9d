import type { Row, SqlValue } from '../database/sql.js';
import type { FieldSpec } from './field-spec.js';

/** ISO 8601 with any offset → `YYYY-MM-DD HH:MM:SS.mmm` in UTC, as both databases store and order it. */
export function encodeMoment(iso: string): string {
  return new Date(iso).toISOString().slice(0, 23).replace('T', ' ');
}

export function decodeMoment(stored: string): string {
  return `${stored.slice(0, 10)}T${stored.slice(11)}Z`;
}

export function now(): string {
  return new Date().toISOString();
}

/** `12.5` → `12.50`: MariaDB gives the scale back, SQLite what was stored. */
function encodeDecimal(value: string, scale: number): string {
  const [whole = '0', fraction = ''] = value.split('.');
  return `${whole}.${fraction.padEnd(scale, '0')}`;
}

/** A valid value as it will be read back: UTC moments, decimals with their scale, ids in lower case. */
export function canonical(field: FieldSpec, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  switch (field.column.kind) {
    case 'moment':
      return new Date(value).toISOString();
    case 'decimal':
      return encodeDecimal(value, field.column.scale ?? 2);
    case 'uuid':
      return value.toLowerCase();
    default:
      return value;
  }
}

/** A value of the wire → a value for a statement. */
export function encode(field: FieldSpec, value: unknown): SqlValue {
  if (value === null || value === undefined) return null;
  switch (field.column.kind) {
    case 'flag':
      return value ? 1 : 0;
    case 'json':
      return JSON.stringify(value);
    case 'moment':
      return encodeMoment(value as string);
    default:
      return canonical(field, value) as SqlValue;
  }
}

type Decoder = (row: Row, name: string) => void;

const DECODERS: Partial<Record<FieldSpec['column']['kind'], Decoder>> = {
  flag: (row, name) => {
    if (row[name] !== null) row[name] = row[name] === 1;
  },
  json: (row, name) => {
    if (row[name] !== null) row[name] = JSON.parse(row[name] as string);
  },
  moment: (row, name) => {
    if (row[name] !== null) row[name] = decodeMoment(row[name] as string);
  },
};

/** Turns rows as the driver gives them into rows of the wire, in place; made once for a set of columns. */
export function decoderOf<T>(fields: FieldSpec[]): (rows: Row[]) => T[] {
  const steps = fields.flatMap(({ name, column }) => {
    const decode = DECODERS[column.kind];
    return decode ? [{ name, decode }] : [];
  });
  return rows => {
    for (const row of rows) for (const step of steps) step.decode(row, step.name);
    return rows as T[];
  };
}
