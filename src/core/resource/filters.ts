import { placeholders, type SqlValue } from '../database/sql.js';
import type { Dialect } from '../database/sql.js';
import type { FieldFault } from '../context/errors.js';
import { encode } from '../table/codec.js';
import type { FieldSpec } from '../table/field-spec.js';
import type { Clause } from '../table/clause.js';
import { isDay, isInstant, isUuid } from '../table/validators.js';

export const OPERATORS = ['ne', 'in', 'gt', 'gte', 'lt', 'lte', 'startswith', 'isnull'] as const;
export type Operator = (typeof OPERATORS)[number];

const COMPARE: Partial<Record<Operator, string>> = { gt: '>', gte: '>=', lt: '<', lte: '<=' };

/** The operators that a field's filter understands, beside plain equality. */
export function operatorsOf(field: FieldSpec): Operator[] {
  const kind = field.column.kind;
  if (kind === 'flag') return field.nullable ? ['ne', 'isnull'] : ['ne'];
  const operators: Operator[] = ['ne', 'in'];
  if (kind !== 'uuid' && !field.choices) operators.push('gt', 'gte', 'lt', 'lte');
  if (kind === 'text' && !field.choices) operators.push('startswith');
  if (field.nullable) operators.push('isnull');
  return operators;
}

/** A field with an index can be filtered and sorted by. */
export function isFilterable(field: FieldSpec): boolean {
  return !field.writeOnly && (field.index || field.unique === true || field.primary === true);
}

/** Decimals are text on SQLite and would order as text. */
export function comparable(field: FieldSpec, table: string, dialect: Dialect): string {
  const name = `${table}.${field.name}`;
  return field.column.kind === 'decimal' && dialect === 'sqlite' ? `CAST(${name} AS REAL)` : name;
}

/** A value of the query string → the value that the field compares with; undefined when it is not of its type. */
export function parseValue(field: FieldSpec, text: string): SqlValue | undefined {
  switch (field.column.kind) {
    case 'uuid':
      return isUuid(text) ? text.toLowerCase() : undefined;
    case 'flag':
      return text === 'true' ? 1 : text === 'false' ? 0 : undefined;
    case 'whole':
    case 'big':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
    case 'decimal':
      return /^-?\d{1,12}(\.\d{1,6})?$/.test(text) ? Number(text) : undefined;
    case 'moment':
      return isInstant(text) ? encode(field, text) : undefined;
    case 'day':
      return isDay(text) ? text : undefined;
    default:
      if (field.choices) return field.choices.includes(text) ? text : undefined;
      return field.lower ? text.toLowerCase() : text;
  }
}

function expected(field: FieldSpec): string {
  return field.choices
    ? `must be one of ${field.choices.join(', ')}`
    : `must be of type ${field.column.kind}`;
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
  const column = comparable(field, place.table, place.dialect);
  if (operator === 'isnull') {
    if (!texts.every(text => text === 'true' || text === 'false'))
      return fault('must be true or false', 'type');
    return { sql: `${column} IS ${texts[0] === 'true' ? '' : 'NOT '}NULL`, values: [] };
  }
  const list = operator === 'in' ? texts.flatMap(text => text.split(',')) : texts;
  if (list.length > 500) return fault('at most 500 values', 'max');
  const values = list.map(text => parseValue(field, text));
  if (values.some(value => value === undefined)) return fault(expected(field), 'type');
  const known = values as SqlValue[];
  if (operator === undefined || operator === 'in')
    return { sql: `${column} IN (${placeholders(known.length)})`, values: known };
  if (operator === 'ne') {
    const differs = `${column} NOT IN (${placeholders(known.length)})`;
    return { sql: field.nullable ? `(${differs} OR ${column} IS NULL)` : differs, values: known };
  }
  if (operator === 'startswith')
    return orOf(known, value => ({
      sql: `(${column} >= ? AND ${column} < ?)`,
      values: [value, `${String(value)}\u{10FFFF}`],
    }));
  return orOf(known, value => ({ sql: `${column} ${COMPARE[operator] ?? '='} ?`, values: [value] }));
}

function orOf(values: SqlValue[], one: (value: SqlValue) => Clause): Clause {
  const parts = values.map(one);
  return { sql: `(${parts.map(part => part.sql).join(' OR ')})`, values: parts.flatMap(part => part.values) };
}
