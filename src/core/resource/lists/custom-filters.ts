import type { FieldFault } from '../../context/errors.js';
import type { Dialect } from '../../database/sql.js';
import type { Clause } from '../../table/clause.js';
import {
  type AlongIndex,
  type CustomColumn,
  customOperators,
  indexCondition,
  rowCondition,
  takesMissing,
} from '../custom/custom-column.js';
import type { Operator } from './filters.js';
import type { RawQuery } from './query-parts.js';

export type CustomColumns = ReadonlyMap<string, CustomColumn>;

const PREFIX = 'cf.';

export const isCustom = (parameter: string) => parameter.startsWith(PREFIX);

/** Whether a query names a custom field, in its filters or its order. */
export function namesCustom(raw: RawQuery): boolean {
  return Object.keys(raw).some(isCustom) || [raw.sort ?? []].flat().some(text => text.includes(PREFIX));
}

/** The custom field that `cf.<key>` names. */
export function customOf(name: string, columns: CustomColumns): CustomColumn | undefined {
  return isCustom(name) ? columns.get(name.slice(PREFIX.length)) : undefined;
}

/** What `cf.` may be followed by, in words. */
export function knownCustom(path: string, columns: CustomColumns): string {
  const names = [...columns.keys()].map(key => `${PREFIX}${key}`);
  return names.length > 0
    ? `the custom fields of ${path} are ${names.join(', ')}`
    : `${path} have no custom fields`;
}

interface CustomFilters {
  clauses: Clause[];
  along?: AlongIndex;
}

/**
 * The filters `cf.<key>` and `cf.<key>__<operator>`.
 *
 * @param order the custom field that orders the list, if one does
 * @param byId the list is in the order of ids alone
 */
export function customFilters(
  raw: RawQuery,
  columns: CustomColumns,
  place: { table: string; path: string; dialect: Dialect },
  { order, byId }: { order?: CustomColumn; byId: boolean },
  faults: FieldFault[],
): CustomFilters {
  const found = Object.keys(raw)
    .filter(isCustom)
    .flatMap(parameter => filterOf(parameter, raw, columns, place, faults) ?? []);
  const single = found.filter(one => one.operator === undefined && one.texts.length === 1);
  const leading = order ?? (byId && single.length === 1 ? single[0]?.custom : undefined);
  const isDirect = (one: CustomFilter) => one.custom === leading && !one.takesMissing;
  const direct = found.filter(isDirect).map(one => one.condition);
  const clauses = found
    .filter(one => !isDirect(one))
    .map(one => rowCondition(place.table, one.custom.definition_id, one.condition, !one.takesMissing));
  if (!leading?.column) return { clauses };
  const custom = { ...leading, column: leading.column };
  const along = {
    custom,
    conditions: direct,
    isOrder: order !== undefined,
    withMissing: direct.length === 0,
  };
  return { clauses, along };
}

interface CustomFilter {
  custom: CustomColumn;
  operator: Operator | undefined;
  texts: string[];
  condition: Clause;
  takesMissing: boolean;
}

function filterOf(
  parameter: string,
  raw: RawQuery,
  columns: CustomColumns,
  place: { path: string; dialect: Dialect },
  faults: FieldFault[],
): CustomFilter | undefined {
  const [name = '', said, ...more] = parameter.split('__');
  const custom = customOf(name, columns);
  const fault = (message: string) =>
    void faults.push({ field: parameter.slice(0, 100), message, rule: 'unknown' });
  if (!custom || more.length > 0)
    return fault(`is not a parameter of this list; ${knownCustom(place.path, columns)}`);
  const operator = said as Operator | undefined;
  const known = customOperators(custom);
  if (!known.includes(operator)) {
    const names = known.map(one => (one === undefined ? name : `${name}__${one}`));
    return fault(`is not an operator of this filter; it has ${names.join(', ')}`);
  }
  const texts = [raw[parameter] ?? []].flat();
  const condition = indexCondition(custom, operator, texts, { ...place, parameter }, faults);
  return condition && { custom, operator, texts, condition, takesMissing: takesMissing(operator, texts) };
}
