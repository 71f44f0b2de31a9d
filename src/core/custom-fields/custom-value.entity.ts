import { field } from '../table/field.js';
import { Text, Uuid } from '../table/field-decorators.js';
import { Stored } from '../table/stored.js';
import { CustomFieldDefinition } from './definition.entity.js';
import { MOST_CHARACTERS } from './kinds.js';

/** That a row has a custom value, and where it stands among the others of its definition. */
@Stored({
  table: 'custom_field_values',
  indexes: [
    ['definition_id', 'text_value', 'row_id'],
    ['definition_id', 'number_value', 'row_id'],
    ['row_id'],
  ],
})
export class CustomFieldValue {
  @field(
    { kind: 'uuid' },
    [],
    {},
    {
      primary: true,
      reference: { target: () => CustomFieldDefinition, onDelete: 'CASCADE' },
    },
  )
  definition_id!: string;
  @Uuid({ primary: true }) row_id!: string;
  @Text({ max: MOST_CHARACTERS, optional: true }) text_value!: string | null;
  @field({ kind: 'big' }, [], {}, { optional: true }) number_value!: number | null;
}
