import type { ColumnKind, ColumnShape, ColumnTypeOptions } from './columns.js';
import type { SqlValue } from './sql.js';
import { decodeMoment, encodeMoment, isDay, isInstant, isUuid, padDecimal } from './values.js';

/** How lists compare a column beside equality: by order, by its beginning, or not at all. */
export type Comparison = 'order' | 'prefix' | 'none';

/** What a kind of columns is: in both databases, on the wire, in filters, in cursors and in the document. */
export interface ColumnMeaning {
  sqlite: (shape: ColumnShape) => ColumnTypeOptions;
  mariadb: (shape: ColumnShape) => ColumnTypeOptions;
  /** JSON schema of the value, as far as the kind alone says it. */
  schema: { type: string; format?: string };
  /** A valid value of the wire → as it will be read back. */
  canonical?: (value: string, shape: ColumnShape) => string;
  /** A canonical value → what a statement takes. */
  encode?: (value: unknown) => SqlValue;
  /** What the driver gives, never null → the value of the wire. */
  decode?: (stored: unknown) => unknown;
  /** The text of a filter → what the column is compared with; undefined when it is not of the kind. */
  parse: (text: string) => SqlValue | undefined;
  /** What the text of a filter has to be, with an example. */
  expected: string;
  comparison: Comparison;
  /** On SQLite, where the stored text would order otherwise than the value. */
  sqliteOrder?: (column: string) => string;
  /** Whether a cursor may hold it: databases differ in what they make of a value of another type. */
  isStored: (value: unknown) => boolean;
}

const isText = (value: unknown): value is string => typeof value === 'string';

const textual = {
  schema: { type: 'string' },
  parse: (text: string) => text,
  expected: 'must be text',
  isStored: isText,
} as const;

const numeric = {
  schema: { type: 'integer' },
  parse: (text: string) => (/^-?\d{1,15}$/.test(text) ? Number(text) : undefined),
  expected: 'must be a whole number, such as 30',
  comparison: 'order',
  isStored: (value: unknown) => Number.isSafeInteger(value),
} as const;

const isNumberOrDigits = (value: unknown) =>
  Number.isFinite(value) || (isText(value) && /^-?\d{1,30}(\.\d{1,10})?$/.test(value));

/** One object for each kind; what it says holds everywhere. */
export const COLUMN_KINDS: Readonly<Record<ColumnKind, ColumnMeaning>> = {
  /** 36 ASCII characters, in lower case. */
  uuid: {
    sqlite: () => ({ type: 'varchar', length: 36 }),
    mariadb: () => ({ type: 'char', length: 36, charset: 'ascii', collation: 'ascii_bin' }),
    schema: { type: 'string', format: 'uuid' },
    canonical: value => value.toLowerCase(),
    parse: text => (isUuid(text) ? text.toLowerCase() : undefined),
    expected: 'must be a UUID, such as 01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11',
    comparison: 'none',
    isStored: value => isText(value) && isUuid(value),
  },
  /** At most `length` characters, compared by code point. */
  text: {
    ...textual,
    sqlite: ({ length = 255 }) => ({ type: 'varchar', length }),
    mariadb: ({ length = 255 }) => ({ type: 'varchar', length }),
    comparison: 'prefix',
  },
  /** Text of at most 16 MiB. */
  long: {
    ...textual,
    sqlite: () => ({ type: 'text' }),
    mariadb: () => ({ type: 'mediumtext' }),
    comparison: 'order',
  },
  flag: {
    sqlite: () => ({ type: 'boolean' }),
    mariadb: () => ({ type: 'tinyint' }),
    schema: { type: 'boolean' },
    encode: value => (value ? 1 : 0),
    decode: stored => stored === 1,
    parse: text => (text === 'true' ? 1 : text === 'false' ? 0 : undefined),
    expected: 'must be true or false',
    comparison: 'none',
    isStored: value => Number.isSafeInteger(value),
  },
  /** A signed integer of 32 bits. */
  whole: { ...numeric, sqlite: () => ({ type: 'integer' }), mariadb: () => ({ type: 'int' }) },
  /** A signed integer of 64 bits. */
  big: {
    ...numeric,
    sqlite: () => ({ type: 'integer' }),
    mariadb: () => ({ type: 'bigint' }),
    isStored: isNumberOrDigits,
  },
  /** Exact; text on SQLite, which would make it a float. */
  decimal: {
    sqlite: ({ precision = 12 }) => ({ type: 'varchar', length: precision + 2 }),
    mariadb: ({ precision = 12, scale = 2 }) => ({ type: 'decimal', precision, scale }),
    schema: { type: 'string' },
    canonical: (value, { scale = 2 }) => padDecimal(value, scale),
    parse: text => (/^-?\d{1,12}(\.\d{1,6})?$/.test(text) ? Number(text) : undefined),
    expected: 'must be a decimal number, such as 120.00',
    comparison: 'order',
    sqliteOrder: column => `CAST(${column} AS REAL)`,
    isStored: isNumberOrDigits,
  },
  /** A point in time, in UTC with milliseconds. A filter takes a day for its start. */
  moment: {
    sqlite: () => ({ type: 'datetime' }),
    mariadb: () => ({ type: 'datetime', precision: 3 }),
    schema: { type: 'string', format: 'date-time' },
    canonical: value => new Date(value).toISOString(),
    encode: value => encodeMoment(value as string),
    decode: stored => decodeMoment(stored as string),
    parse: text => {
      if (isDay(text)) return `${text} 00:00:00.000`;
      return isInstant(text) ? encodeMoment(text) : undefined;
    },
    expected:
      'must be a time in ISO 8601 with an offset, such as 2026-01-31T08:00:00Z, or a day, such as 2026-01-31',
    comparison: 'order',
    isStored: value => isText(value) && isInstant(decodeMoment(value)),
  },
  /** A calendar day. */
  day: {
    sqlite: () => ({ type: 'date' }),
    mariadb: () => ({ type: 'date' }),
    schema: { type: 'string', format: 'date' },
    parse: text => (isDay(text) ? text : undefined),
    expected: 'must be a day, such as 2026-01-31',
    comparison: 'order',
    isStored: isDay,
  },
  /** Any JSON value, as text. */
  json: {
    ...textual,
    sqlite: () => ({ type: 'text' }),
    mariadb: () => ({ type: 'mediumtext' }),
    schema: { type: 'object' },
    encode: value => JSON.stringify(value),
    decode: stored => JSON.parse(stored as string) as unknown,
    comparison: 'order',
  },
};
