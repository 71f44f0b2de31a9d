import { NotFoundError } from '../../core/context/errors.js';

/** 404: no such credential, or one that the actor may not know of. */
export function missingCredential(id: string): NotFoundError {
  return new NotFoundError('Credential was not found', { resource_type: 'Credential', resource_id: id });
}
