import { several } from '../resource/describe/naming.js';
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
  const held = referring(spec, 'RESTRICT');
  const gone = referring(spec, 'CASCADE');
  const freed = referring(spec, 'SET NULL');
  return [
    held && `Refused (409) while ${held} refer to it.`,
    gone && `Deleted with it, each with its own entry: ${gone}.`,
    freed && `What refers to it, and stays without it: ${freed}.`,
  ].filter(text => text !== '');
}

function referring(spec: ResourceSpec, onDelete: OnDelete): string {
  const refers = ({ fields }: ResourceSpec) =>
    fields.some(({ reference: to }) => to?.onDelete === onDelete && to.target() === spec.type);
  const names = allResources().filter(refers).map(several);
  return [...new Set(names)].sort().join(', ');
}
