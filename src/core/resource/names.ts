import type { ResourceSpec } from './resource.js';

const USUAL = ['name', 'title', 'hostname', 'email'];

/** The fields that people call a row by, the first that has a value before the others; none where there is none. */
export function nameFields(spec: ResourceSpec): string[] {
  return (spec.called ?? USUAL).filter(name => spec.byName.has(name));
}

/** What people call a row by. */
export function nameIn(spec: ResourceSpec, row: object): string | null {
  const values = nameFields(spec).map(name => (row as Record<string, string | null | undefined>)[name]);
  return values.find(value => typeof value === 'string') ?? null;
}

/** As `nameIn`, as an expression of SQL. */
export function nameOfRow(spec: ResourceSpec): string {
  const columns = nameFields(spec).map(name => `${spec.table}.${name}`);
  return columns.length > 1 ? `COALESCE(${columns.join(', ')})` : (columns[0] ?? 'NULL');
}
