import type { FieldSpec } from '../../src/core/table/field-spec.js';
import { encode } from '../../src/core/table/codec.js';
import { isFilterable } from '../../src/core/resource/lists/filters.js';
import type { ResourceSpec } from '../../src/core/resource/resource.js';
import { Units } from '../../src/core/database/units.js';
import type { TestApp } from '../app.js';
import { EITHER } from '../factories.js';

const TEXTS = ['Alpha', 'alpha', 'Ärger', 'zz%_', 'Ω😀', "O'Neil"];
const DECIMALS = ['0.00', '9.50', '10.00', '100.00', '9.5'];
const MOMENTS = ['2024-02-29T12:00:00.000Z', '2026-01-01T00:00:00.001Z', '2026-01-01T00:00:00.002Z'];
const DAYS = ['1999-12-31', '2024-02-29', '2026-01-01'];

/** Values of the field's type that order differently as text and as what they are. */
function valuesOf(field: FieldSpec): unknown[] {
  const { maxLength, minLength, minimum, maximum, pattern } = field.api as Record<string, number | undefined>;
  switch (field.column.kind) {
    case 'flag':
      return [true, false];
    case 'whole':
    case 'big':
      return [2, 10, 3].map(value => Math.min(Math.max(value, minimum ?? 0), maximum ?? 1000));
    case 'decimal':
      return DECIMALS;
    case 'moment':
      return MOMENTS;
    case 'day':
      return DAYS;
    case 'text':
      if (field.choices) return [...field.choices];
      return minLength === 1 && maxLength !== undefined && !pattern
        ? TEXTS.filter(one => one.length <= maxLength).map(one => (field.lower ? one.toLowerCase() : one))
        : [];
    default:
      return [];
  }
}

/** What rows of other resources would have to obey. */
const LEFT_ALONE = ['is_required'];

/** Rows differ in every field that can be filtered; fields that are unique together, or one of which a row has, are left alone. */
function scatterable(spec: ResourceSpec): FieldSpec[] {
  const together = new Set([...spec.unique.flat(), ...(EITHER[spec.path] ?? [])]);
  return spec.fields.filter(
    one =>
      isFilterable(one) &&
      !one.unique &&
      !one.primary &&
      !together.has(one.name) &&
      !LEFT_ALONE.includes(one.name),
  );
}

/**
 * Spreads values over rows, past the rules of the domain, so that lists have something to order and to filter.
 * A third of the values of a nullable field is null.
 */
export async function scatter(t: TestApp, spec: ResourceSpec, ids: string[]): Promise<void> {
  const fields = scatterable(spec).map(field => ({ field, values: valuesOf(field) }));
  const units = t.app.get(Units);
  await units.run(async () => {
    for (const [row, id] of ids.entries())
      for (const [shift, { field, values }] of fields.entries()) {
        const isNull = field.nullable && (row + shift) % 3 === 0;
        if (!isNull && values.length === 0) continue;
        const value = isNull ? null : values[(row + (row >> 2) + shift) % values.length];
        await units.sql.change(`UPDATE ${spec.table} SET ${field.name} = ? WHERE id = ?`, [
          encode(field, value),
          id,
        ]);
      }
  });
}
