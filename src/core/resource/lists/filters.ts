import { COLUMN_KINDS } from '../../database/column-kinds.js';
import type { ColumnKind } from '../../database/columns.js';
import { columnName, placeholders, type SqlValue } from '../../database/sql.js';
import type { Dialect } from '../../database/sql.js';
import type { FieldFault } from '../../context/errors.js';
import type { FieldSpec } from '../../table/field-spec.js';
import type { Clause } from '../../table/clause.js';

export type Operator = 'ne' | 'in' | 'gt' | 'gte' | 'lt' | 'lte' | 'startswith' | 'isnull';

/** Values of one parameter; equality finds them in a set, so that their number costs little. */
const MOST_VALUES = 500;
/** Beginnings in a whole query: each is compared with each row. */
export const MOST_BEGINNINGS = 20;

const COMPARE: Partial<Record<Operator, string>> = { gt: '>', gte: '>=', lt: '<', lte: '<=' };

/** Two values of each kind that no row has. */
const UNHELD: Partial<Record<ColumnKind, readonly SqlValue[]>> = {
  uuid: ['', '0'],
  text: ['\u0001', '\u0002'],
  flag: [-7, -8],
  whole: [-2_147_483_646, -2_147_483_645],
  big: [-9_000_000_000_000_001, -9_000_000_000_000_002],
  decimal: ['-99.97', '-99.98'],
  moment: ['1001-01-01 00:00:00.000', '1001-01-02 00:00:00.000'],
  day: ['1001-01-01', '1001-01-02'],
};

/** The operators that a field's filter understands, beside plain equality. */
export function operatorsOf(field: FieldSpec): Operator[] {
  const { comparison } = COLUMN_KINDS[field.column.kind];
  const operators: Operator[] = field.column.kind === 'flag' ? ['ne'] : ['ne', 'in'];
  if (comparison !== 'none' && !field.choices) operators.push('gt', 'gte', 'lt', 'lte');
  if (comparison === 'prefix' && !field.choices) operators.push('startswith');
  if (field.nullable) operators.push('isnull');
  return operators;
}

/** A field with an index can be filtered and sorted by. */
export function isFilterable(field: FieldSpec): boolean {
  return !field.writeOnly && (field.index || field.unique === true || field.primary === true);
}

/** The column in a comparison or an order. */
export function comparable(field: FieldSpec, table: string, dialect: Dialect): string {
  const name = `${table}.${columnName(field.name)}`;
  const { sqliteOrder } = COLUMN_KINDS[field.column.kind];
  return dialect === 'sqlite' && sqliteOrder ? sqliteOrder(name) : name;
}

/** A value of the query string → the value that the field compares with; undefined when it is not of its type. */
function parseValue(field: FieldSpec, text: string): SqlValue | undefined {
  if (field.choices) return field.choices.includes(text) ? text : undefined;
  const { lower, upper, column } = field;
  return COLUMN_KINDS[column.kind].parse(lower ? text.toLowerCase() : upper ? text.toUpperCase() : text);
}

/** What a filter may be, in words and with an example. */
function expected({ choices, column }: FieldSpec): string {
  return choices ? `must be one of ${choices.join(', ')}` : COLUMN_KINDS[column.kind].expected;
}

/** One query parameter → a condition; faults are added to the list, all of them at once. */
export function filterClause(
  field: FieldSpec,
  operator: Operator | undefined,
  texts: string[],
  place: { table: string; dialect: Dialect; parameter: string },
  faults: FieldFault[],
): Clause | undefined {
  const fault = (message: string, rule: string): undefined =>
    void faults.push({ field: place.parameter, message, rule });
  if (texts.length === 0) return undefined;
  const column = comparable(field, place.table, place.dialect);
  const isOrder = operator !== undefined && COMPARE[operator] !== undefined;
  if ((isOrder || operator === 'isnull') && texts.length > 1)
    return fault('may be given only once', 'repeated');
  if (operator === 'isnull') {
    if (texts[0] !== 'true' && texts[0] !== 'false') return fault('must be true or false', 'type');
    if (texts[0] === 'false') return { sql: `${column} IS NOT NULL`, values: [] };
    const unheld = field.index && !field.unique ? UNHELD[field.column.kind] : undefined;
    return { sql: `${column} IS NULL`, values: [], ...(unheld ? { equals: column, unheld } : {}) };
  }
  const list = operator === 'in' ? texts.flatMap(text => text.split(',')) : texts;
  const most = operator === 'startswith' ? MOST_BEGINNINGS : MOST_VALUES;
  if (list.length > most) return fault(`must have at most ${most} values`, 'max');
  const values = list.map(text => parseValue(field, text));
  if (values.some(value => value === undefined)) return fault(expected(field), 'type');
  const known = values as SqlValue[];
  if (operator === undefined || operator === 'in')
    return {
      sql: `${column} IN (${placeholders(known.length)})`,
      values: known,
      ...(known.length === 1 && field.index && !field.unique ? { equals: column } : {}),
    };
  if (operator === 'ne') {
    const differs = `${column} NOT IN (${placeholders(known.length)})`;
    return { sql: field.nullable ? `(${differs} OR ${column} IS NULL)` : differs, values: known };
  }
  if (operator !== 'startswith') return { sql: `${column} ${COMPARE[operator] ?? '='} ?`, values: known };
  const begins = known.map(() => `(${column} >= ? AND ${column} < ?)`).join(' OR ');
  return { sql: `(${begins})`, values: known.flatMap(value => [value, `${String(value)}\u{10FFFF}`]) };
}
