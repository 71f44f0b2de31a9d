import { COLUMN_KINDS } from './column-kinds.js';
import type { Dialect } from './sql.js';

/** What each of them means is in `column-kinds.ts`. */
export type ColumnKind =
  'uuid' | 'text' | 'long' | 'flag' | 'whole' | 'big' | 'decimal' | 'moment' | 'day' | 'json';

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

export function columnType(shape: ColumnShape, dialect: Dialect): ColumnTypeOptions {
  return COLUMN_KINDS[shape.kind][dialect](shape);
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
  ]
    .filter(Boolean)
    .join(' ');
}
