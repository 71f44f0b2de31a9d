import type { ApiPropertyOptions } from '@nestjs/swagger';
import { COLUMN_KINDS } from '../database/column-kinds.js';
import type { ColumnShape } from '../database/columns.js';
import { declareField, type FieldOptions, type FieldSpec } from './field-spec.js';

type Extra = Partial<
  Pick<FieldSpec, 'choices' | 'normalize' | 'reference' | 'listBy' | 'primary' | 'generated'>
>;

/** Makes a field decorator out of a column, its rules and its schema. Domains with a special field use it too. */
export function field(
  column: ColumnShape,
  validators: PropertyDecorator[],
  api: ApiPropertyOptions,
  options: FieldOptions & Extra = {},
  indexedByDefault = false,
): PropertyDecorator {
  return (prototype, key) =>
    declareField(prototype, {
      ...options,
      ...(options.internal ? { readOnly: true, writeOnly: true } : {}),
      name: String(key),
      column,
      validators,
      api: {
        ...COLUMN_KINDS[column.kind].schema,
        ...api,
        description: options.description,
        example: options.example ?? api.example,
      } as ApiPropertyOptions,
      nullable: options.optional ?? false,
      index: options.index ?? (options.uniqueWithin !== undefined || indexedByDefault),
    });
}
