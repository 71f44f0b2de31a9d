import { ValidationError } from '../context/errors.js';
import { allResources } from '../resource/resource.js';
import type { CustomFieldDefinition } from './definition.entity.js';
import { CustomField } from './definitions.js';
import { refuseSecretField } from './secrets.js';

/** Refuses what is no definition in itself; a default becomes what a value of the field is stored as. */
export async function checkDefinition(
  row: CustomFieldDefinition,
  before?: CustomFieldDefinition,
): Promise<void> {
  checkResource(row, before);
  if (row.key in Object.prototype)
    throw ValidationError.of('key', 'is a word of JavaScript; choose another', 'key');
  if (row.key.includes('__'))
    throw ValidationError.of('key', 'must not hold __, which stands before the operator of a filter', 'key');
  checkChoices(row);
  refuseSecretField(row);
  await checkDefault(row);
}

function checkResource(row: CustomFieldDefinition, before?: CustomFieldDefinition): void {
  const paths = allResources().flatMap(one => (one.customFields ? [one.path] : []));
  if (!paths.includes(row.resource))
    throw ValidationError.of('resource', `must be one of ${paths.join(', ')}`, 'enum');
  if (before && before.resource !== row.resource)
    throw ValidationError.of('resource', 'stays as it was created', 'immutable');
}

function checkChoices({ kind, choices }: CustomFieldDefinition): void {
  if (kind !== 'choice' && choices !== null)
    throw ValidationError.of('choices', 'are for the kind choice', 'choices');
  if (kind === 'choice' && !choices?.length)
    throw ValidationError.of('choices', 'must name at least one', 'required');
  if (choices && new Set(choices).size < choices.length)
    throw ValidationError.of('choices', 'must not name anything twice', 'arrayUnique');
}

/** A default is a value like any other. */
async function checkDefault(row: CustomFieldDefinition): Promise<void> {
  if (row.default === null) return;
  try {
    row.default = await new CustomField(row).checked(row.default);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new ValidationError((error.details.errors ?? []).map(one => ({ ...one, field: 'default' })));
  }
}
