import { type Actor, reaches } from '../../core/context/actor.js';
import type { ResourceSpec } from '../../core/resource/resource.js';

/** The scopes that an import asks for: administrators bring files in, and may write rows of the resource besides. */
export const scopesFor = (spec: ResourceSpec) => ['msp:admin', spec.writeScope ?? 'msp:write'] as const;

/** Whether somebody may bring in files of a resource, as far as scopes and the token say. */
export function mayImport(actor: Actor, spec: ResourceSpec): boolean {
  const reached = ['bulk-import', spec.path].every(path => reaches(actor, path));
  return reached && scopesFor(spec).every(scope => actor.scopes.has(scope));
}
