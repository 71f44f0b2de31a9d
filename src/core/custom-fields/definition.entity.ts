import type { ApiPropertyOptions } from '@nestjs/swagger';
import { field } from '../table/field.js';
import { Choice, Flag, ListOf, LongText, Moment, Text, Whole } from '../table/field-decorators.js';
import { Resource, ResourceEntity } from '../resource/resource.js';
import { type Kind, KINDS } from './kinds.js';

/** Any value of a custom field. The document leaves out the type of what has `oneOf`. */
const VALUE = {
  type: 'string',
  oneOf: [
    { type: 'string' },
    { type: 'integer' },
    { type: 'boolean' },
    { type: 'array', items: { type: 'string' } },
  ],
} as ApiPropertyOptions;

/** A field that an administrator gives the rows of a resource. */
@Resource({
  name: 'custom_field_definition',
  path: 'custom-field-definitions',
  about: 'Fields of your own on the rows of a resource; their values stand in `custom_fields`.',
  client: 'shared',
  writeScope: 'msp:admin',
  unique: [['resource', 'key']],
  removeQuery: {
    name: 'values',
    description:
      'What becomes of the values that rows have: `keep` leaves them readable until a field with this key and kind is defined again, `delete` clears them in all rows',
    schema: { type: 'string', enum: ['keep', 'delete'] },
  },
  changing:
    'No value is lost by the way: another `kind` is refused (409) unless every value is one of that kind as well, a new `key` takes the values along (both for at most 10,000 rows with values), and a choice that rows have stays. With values, a deletion says what becomes of them (422 otherwise). A definition that was removed with `keep` is deleted for good by `values=delete` under its id.',
})
export class CustomFieldDefinition extends ResourceEntity {
  @Text({
    max: 60,
    index: true,
    example: 'sites',
    description: 'The path of a resource whose rows have custom fields; it stays as it was created',
  })
  resource!: string;
  @Text({
    max: 63,
    pattern: /^[a-z][a-z0-9_]{0,62}$/,
    must: 'begin with a small letter, and hold small letters, digits and _ alone',
    search: true,
    example: 'example_field',
    description: 'The name in `custom_fields` and, as `cf.<key>`, in filters; unique per resource',
  })
  key!: string;
  @Text({ assigned: true, search: true, description: 'As people read it; made from the key when absent' })
  label!: string;
  @Choice(KINDS, { required: true }) kind!: Kind;
  @ListOf('text', { optional: true, max: 100, description: 'What a `choice` may be, in their order' })
  choices!: string[] | null;
  @Flag({ default: false, description: 'New rows need a value, and none is cleared; rows from before stay' })
  is_required!: boolean;
  @field({ kind: 'json' }, [], VALUE, {
    optional: true,
    description: 'The value of new rows that bring none',
  })
  default!: unknown;
  @LongText({ max: 2000, optional: true }) description!: string | null;
  @Whole({ default: 0, description: 'Forms show low ones first' }) position!: number;
  /** It was removed, and its values were kept. */
  @Moment({ internal: true, optional: true, index: false }) removed_at!: string | null;
}
