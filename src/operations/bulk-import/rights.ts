import { type Actor, reaches } from '../../core/context/actor.js';
import { ValidationError } from '../../core/context/errors.js';
import { type ResourceSpec, ROUTES } from '../../core/resource/resource.js';
import type { OnConflict } from './import-job.entity.js';

/** The scopes that an import asks for: administrators bring files in, and may write rows of the resource besides. */
export const scopesFor = (spec: ResourceSpec) => ['msp:admin', spec.writeScope ?? 'msp:write'] as const;

/** Whether somebody may bring in files of a resource, as far as scopes and the token say. */
export function mayImport(actor: Actor, spec: ResourceSpec): boolean {
  const reached = ['bulk-import', spec.path].every(path => reaches(actor, path));
  return reached && scopesFor(spec).every(scope => actor.scopes.has(scope));
}

/** @throws ValidationError where rows that are there are to be changed, and no route of the resource changes any */
export function requireUpdates({ path, routes = ROUTES }: ResourceSpec, on_conflict: OnConflict): void {
  if (on_conflict === 'update' && !routes.includes('update'))
    throw ValidationError.of(
      'on_conflict',
      `must be error or skip: rows of ${path} are never changed`,
      'enum',
    );
}
