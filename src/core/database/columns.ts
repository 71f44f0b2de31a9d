import type { Dialect } from './sql.js';

/**
 * The kinds of columns, one meaning on both databases:
 * uuid (36 ASCII characters), text (≤ length characters, compared by code point), long (≤ 16 MiB text), flag,
 * whole (32 bit), big (64 bit), decimal (exact; text on SQLite, which would make it a float), moment (UTC,
 * milliseconds), day (ISO date), json (text, parsed by the codec).
 */
export type ColumnKind =
  | 'uuid' | 'text' | 'long' | 'flag' | 'whole' | 'big' | 'decimal' | 'moment' | 'day' | 'json'; // prettier-ignore

export interface ColumnShape {
  kind: ColumnKind;
  length?: number;
  precision?: number;
  scale?: number;
}

/** The column as TypeORM's metadata wants it, so that drift between entities and migrations can be found. */
export interface ColumnTypeOptions {
  type: string;
  length?: number;
  precision?: number;
  scale?: number;
  charset?: string;
  collation?: string;
}

function sqliteType(shape: ColumnShape): ColumnTypeOptions {
  switch (shape.kind) {
    case 'uuid':
      return { type: 'varchar', length: 36 };
    case 'text':
      return { type: 'varchar', length: shape.length ?? 255 };
    case 'decimal':
      return { type: 'varchar', length: (shape.precision ?? 12) + 2 };
    case 'flag':
      return { type: 'boolean' };
    case 'whole':
    case 'big':
      return { type: 'integer' };
    case 'moment':
      return { type: 'datetime' };
    case 'day':
      return { type: 'date' };
    default:
      return { type: 'text' };
  }
}

function mariadbType(shape: ColumnShape): ColumnTypeOptions {
  switch (shape.kind) {
    case 'uuid':
      return { type: 'char', length: 36, charset: 'ascii', collation: 'ascii_bin' };
    case 'text':
      return { type: 'varchar', length: shape.length ?? 255 };
    case 'decimal':
      return { type: 'decimal', precision: shape.precision ?? 12, scale: shape.scale ?? 2 };
    case 'flag':
      return { type: 'tinyint' };
    case 'whole':
      return { type: 'int' };
    case 'big':
      return { type: 'bigint' };
    case 'moment':
      return { type: 'datetime', precision: 3 };
    case 'day':
      return { type: 'date' };
    default:
      return { type: 'mediumtext' };
  }
}

export function columnType(shape: ColumnShape, dialect: Dialect): ColumnTypeOptions {
  return dialect === 'sqlite' ? sqliteType(shape) : mariadbType(shape);
}

/** The same as text for a hand-written `CREATE TABLE`. */
export function columnTypeSql(shape: ColumnShape, dialect: Dialect): string {
  const { type, length, precision, scale, charset, collation } = columnType(shape, dialect);
  const size =
    length ??
    (precision === undefined ? undefined : scale === undefined ? precision : `${precision},${scale}`);
  return [
    size === undefined ? type : `${type}(${size})`,
    charset && `CHARACTER SET ${charset}`,
    collation && `COLLATE ${collation}`,
  ].filter(Boolean).join(' '); // prettier-ignore
}
