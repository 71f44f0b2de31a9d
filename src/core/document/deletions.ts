import { several } from '../resource/describe/naming.js';
import { fateOf } from '../resource/left-behind.js';
import { allResources, type ResourceSpec } from '../resource/resource.js';
import type { OnDelete } from '../database/ddl.js';
import type { Operation } from './operations.js';

interface Document {
  paths: Record<string, Record<string, Operation>>;
}

/** What becomes of the rows that refer to one that is deleted, as the references of all resources say it. */
export function describeDeletions<T extends object>(raw: T): T {
  const { paths } = raw as unknown as Document;
  for (const spec of allResources()) {
    const operation = paths[`/api/${spec.path}/{id}`]?.delete;
    if (!operation) continue;
    const told = [operation.description, ...consequences(spec)].filter(Boolean);
    if (told.length > 0) operation.description = told.join('\n\n');
  }
  return raw;
}

function consequences(spec: ResourceSpec): string[] {
  const held = referring(spec, 'RESTRICT', 'RESTRICT');
  const left = referring(spec, 'RESTRICT', 'SET NULL');
  const gone = referring(spec, 'CASCADE');
  const freed = referring(spec, 'SET NULL');
  return [
    held && `Refused (409) while ${held} refer to it.`,
    left &&
      `Refused (409) while these are there, which would stay and belong to nobody: ${left}. \`details.left_behind\` names ` +
        'those that the caller sees. Archive it instead (`archived_at`), or move or delete them first.',
    gone && `Deleted with it, each with its own entry: ${gone}.`,
    freed && `What refers to it, and stays without it: ${freed}.`,
  ].filter(text => text !== '');
}

/** Those that have this fate by a reference that is declared as `onDelete`. */
function referring(spec: ResourceSpec, fate: OnDelete, onDelete?: OnDelete): string {
  const refers = (one: ResourceSpec) =>
    one.fields.some(
      field =>
        field.reference?.target() === spec.type &&
        fateOf(one, field) === fate &&
        (onDelete ?? field.reference.onDelete) === field.reference.onDelete,
    );
  const names = allResources().filter(refers).map(several);
  return [...new Set(names)].sort().join(', ');
}
