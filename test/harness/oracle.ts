import type { FieldSpec } from '../../src/core/table/field-spec.js';
import type { Operator } from '../../src/core/resource/lists/filters.js';
import type { Shown } from './requests.js';

/** The order of lists, computed apart from the databases: null first, text by code point, numbers as numbers. */
function compareValues(field: FieldSpec, a: unknown, b: unknown): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (['flag', 'whole', 'big', 'decimal'].includes(field.column.kind)) return Number(a) - Number(b);
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

/** Whether a row's value fits a filter; several values are alternatives. */
export function fits(
  field: FieldSpec,
  operator: Operator | undefined,
  value: unknown,
  given: string[],
): boolean {
  if (operator === 'isnull') return (value === null) === (given[0] === 'true');
  if (operator === 'ne')
    return value === null || !given.some(one => compareValues(field, value, typed(field, one)) === 0);
  if (value === null) return false;
  return given.some(one => {
    const order = compareValues(field, value, typed(field, one));
    switch (operator) {
      case 'gt':
        return order > 0;
      case 'gte':
        return order >= 0;
      case 'lt':
        return order < 0;
      case 'lte':
        return order <= 0;
      case 'startswith':
        return String(value).startsWith(one);
      default:
        return order === 0;
    }
  });
}

function typed(field: FieldSpec, text: string): unknown {
  return field.column.kind === 'flag' ? text === 'true' : text;
}

/** The rows in the order of `sort=field` or `sort=-field`; ties run by id, in the same direction. */
export function sorted(field: FieldSpec, descending: boolean, rows: Shown[]): Shown[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort(
    (a, b) =>
      sign * (compareValues(field, a[field.name], b[field.name]) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)),
  );
}
