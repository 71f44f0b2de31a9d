import type { AnyResourceService, ResourceRegistry } from '../resource-registry.js';
import { everything } from '../lists/list-query.js';
import { nameFields } from '../names.js';
import { type ResourceSpec, ROUTES } from '../resource.js';

/** `client_name` beside `client_id`. */
export interface NameColumn {
  /** The reference. */
  field: string;
  header: string;
  target: AnyResourceService;
}

/** The fields that people call a row by, as far as lists show them. */
export function listedNames(spec: ResourceSpec): string[] {
  const shown = everything(spec).fields.map(one => one.name);
  return (spec.routes ?? ROUTES).includes('list') ? nameFields(spec).filter(one => shown.includes(one)) : [];
}

/** A column of names for each of the columns that refers to rows with one. */
export function nameColumns(spec: ResourceSpec, columns: string[], registry: ResourceRegistry): NameColumn[] {
  const { fields, derived } = everything(spec);
  const taken = new Set([...fields.map(one => one.name), ...derived]);
  return columns.flatMap(field => {
    const target = registry.of(spec.byName.get(field)?.reference?.target() ?? Object);
    const header = `${field.replace(/_id$/, '')}_name`;
    if (!target || listedNames(target.spec).length === 0 || taken.has(header)) return [];
    taken.add(header);
    return [{ field, header, target }];
  });
}

/** The names that the rows of a page refer to, by id: one query for each resource, and only what the actor may see. */
export async function namesOfPage(items: object[], columns: NameColumn[]): Promise<Map<string, string>> {
  const ids = new Map<AnyResourceService, Set<string>>();
  for (const { field, target } of columns) {
    const known = ids.get(target) ?? new Set();
    for (const item of items) {
      const id = (item as Record<string, unknown>)[field];
      if (typeof id === 'string') known.add(id);
    }
    ids.set(target, known);
  }
  const names = new Map<string, string>();
  for (const [target, wanted] of ids)
    for (const [id, name] of await target.namesOf([...wanted])) names.set(id, name);
  return names;
}
