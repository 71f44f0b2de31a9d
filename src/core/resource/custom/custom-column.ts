import { COLUMN_KINDS } from '../../database/column-kinds.js';
import type { Dialect, SqlValue } from '../../database/sql.js';
import type { FieldFault } from '../../context/errors.js';
import type { Clause } from '../../table/clause.js';
import type { FieldSpec } from '../../table/field-spec.js';
import { filterClause, type Operator, operatorsOf } from '../lists/filters.js';

/** What lists know of a custom field: where the index has its values, and how they are compared. */
export interface CustomColumn {
  key: string;
  definition_id: string;
  /** Where its values stand in their order; null where a row only has some or none, as with a list. */
  column: 'text_value' | 'number_value' | null;
  field: FieldSpec;
}

/** The index in a statement. */
export const VALUES = 'custom_field_values';

/** The operators of its filter; the first is equality, where it has that. */
export function customOperators({ column, field }: CustomColumn): (Operator | undefined)[] {
  if (column === null) return ['isnull'];
  return [undefined, ...operatorsOf({ ...field, nullable: true })];
}

/** Whether rows without a value are among those that a filter leaves. */
export function takesMissing(operator: Operator | undefined, texts: string[]): boolean {
  return operator === 'ne' || (operator === 'isnull' && texts[0] === 'true');
}

/** A filter as a condition on the index, for those values that it leaves or, where it takes missing ones, those it does not. */
export function indexCondition(
  custom: CustomColumn,
  operator: Operator | undefined,
  texts: string[],
  place: { dialect: Dialect; parameter: string },
  faults: FieldFault[],
): Clause | undefined {
  if (operator === 'isnull') {
    const known = filterClause({ ...custom.field, name: 'row_id' }, operator, texts, { ...place, table: VALUES }, faults); // prettier-ignore
    return known && { sql: '1 = 1', values: [] };
  }
  const field = { ...custom.field, name: custom.column ?? '', nullable: false };
  const asked = operator === 'ne' ? undefined : operator;
  if (field.column.kind !== 'decimal')
    return filterClause(field, asked, texts, { ...place, table: VALUES }, faults);
  const list = operator === 'in' ? texts.flatMap(text => text.split(',')) : texts;
  const units = list.map(text => inSmallestUnit(text, field.column.scale ?? 2));
  if (units.some(one => one === undefined)) {
    faults.push({ field: place.parameter, message: COLUMN_KINDS.decimal.expected, rule: 'type' });
    return undefined;
  }
  const whole = { ...field, column: { kind: 'big' as const } };
  return filterClause(whole, asked, units as string[], { ...place, table: VALUES }, faults);
}

/** `12.5` → `1250`: the index has decimals in their smallest unit. */
function inSmallestUnit(text: string, scale: number): string | undefined {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d{1,12})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === '' || fraction.length > scale) return undefined;
  return `${sign}${whole}${fraction.padEnd(scale, '0')}`;
}

/** A filter as a condition on the rows of a table. */
export function rowCondition(table: string, definition_id: string, inside: Clause, isIn: boolean): Clause {
  const where = `${VALUES}.definition_id = ? AND ${inside.sql}`;
  return {
    sql: `${table}.id ${isIn ? 'IN' : 'NOT IN'} (SELECT ${VALUES}.row_id FROM ${VALUES} WHERE ${where})`,
    values: [definition_id, ...inside.values],
  };
}

/** The rows of a table that have a value, read along the index. */
export interface AlongIndex {
  custom: CustomColumn & { column: 'text_value' | 'number_value' };
  /** Conditions on the index. */
  conditions: Clause[];
  /** The list is in the order of the values; else in that of the ids. */
  isOrder: boolean;
  /** Rows without a value are part of the list: they come last, in either direction. */
  withMissing: boolean;
}

/** What follows FROM, with its conditions; the index comes first, whatever the database thinks of it. */
export function fromIndex(
  table: string,
  { custom, conditions }: AlongIndex,
  dialect: Dialect,
): { from: string; clauses: Clause[] } {
  const index = `ix_${VALUES}_definition_id_${custom.column}_row_id`;
  const join =
    dialect === 'sqlite'
      ? `${VALUES} INDEXED BY ${index} CROSS JOIN ${table}`
      : `${VALUES} FORCE INDEX (${index}) STRAIGHT_JOIN ${table}`;
  const own = {
    sql: `${VALUES}.definition_id = ?`,
    values: [custom.definition_id],
  };
  return { from: `${join} ON ${table}.id = ${VALUES}.row_id`, clauses: [own, ...conditions] };
}

/** The values after a cursor: one range of the index. */
export function afterValue(
  column: string,
  descending: boolean,
  value: SqlValue,
  id: SqlValue,
  dialect: Dialect,
): Clause {
  const [at, row, sign] = [`${VALUES}.${column}`, `${VALUES}.row_id`, descending ? '<' : '>'];
  if (dialect === 'sqlite') return { sql: `(${at}, ${row}) ${sign} (?, ?)`, values: [value, id] };
  return { sql: `(${at} ${sign} ? OR (${at} = ? AND ${row} ${sign} ?))`, values: [value, value, id] };
}
