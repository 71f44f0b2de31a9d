/** A JSON schema of the document, of OpenAPI 3.0 or 3.1: what is read of it here. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  nullable?: boolean;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  example?: unknown;
  examples?: unknown[];
  format?: string;
  pattern?: string;
  minimum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  readOnly?: boolean;
  writeOnly?: boolean;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  [more: string]: unknown;
}

export type Change = (schema: Schema) => Schema;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function mapValues<A, B>(
  map: Record<string, A>,
  change: (value: A, key: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}

/** The schema with every schema in it changed, inner ones first; examples and defaults are data and stay. */
function changed(schema: Schema, change: Change): Schema {
  const copy: Schema = { ...schema };
  for (const key of ['properties', '$defs'] as const)
    if (isObject(copy[key]))
      copy[key] = mapValues(copy[key] as Record<string, Schema>, one => changed(one, change));
  for (const key of ['items', 'additionalProperties', 'not'] as const)
    if (isObject(copy[key])) copy[key] = changed(copy[key] as Schema, change);
  for (const key of ['allOf', 'anyOf', 'oneOf'] as const)
    if (copy[key]) copy[key] = copy[key].map(one => changed(one, change));
  return change(copy);
}

/**
 * A part of a document with every schema in it changed, wherever the format has one. It knows where schemas
 * stand, so that a field that happens to be named `nullable` or `example` is left alone.
 */
export function changeSchemas<T>(part: T, change: Change): T {
  if (Array.isArray(part)) return part.map(one => changeSchemas(one as unknown, change)) as T;
  if (!isObject(part)) return part;
  return mapValues(part, (value, key) => {
    if (key === 'example' || key === 'examples') return value;
    if (key === 'schema' && isObject(value)) return changed(value, change);
    if (key === 'schemas' && isObject(value))
      return mapValues(value as Record<string, Schema>, one => changed(one, change));
    return changeSchemas(value, change);
  }) as T;
}

/** `nullable: true` and `example` of OpenAPI 3.0 → JSON schema 2020-12, as 3.1 has it. */
export function toJsonSchema({ nullable, example, ...schema }: Schema): Schema {
  if (example !== undefined) schema.examples ??= [example];
  if (nullable) {
    if (schema.$ref !== undefined || schema.allOf) return { anyOf: [schema, { type: 'null' }] };
    if (schema.anyOf) schema.anyOf = [...schema.anyOf, { type: 'null' }];
    if (schema.oneOf) schema.oneOf = [...schema.oneOf, { type: 'null' }];
    if (schema.type !== undefined) schema.type = [...new Set([schema.type, 'null'].flat())];
  }
  if (
    Array.isArray(schema.type) &&
    schema.type.includes('null') &&
    schema.enum &&
    !schema.enum.includes(null)
  )
    schema.enum = [...schema.enum, null];
  return schema;
}

/** `#/components/schemas/Client` → `Client`. */
export function nameOf($ref: string): string {
  return $ref.slice($ref.lastIndexOf('/') + 1);
}

/** The names of all schemas that a part refers to, directly or through others. */
export function reachable(
  part: unknown,
  schemas: Record<string, Schema>,
  found = new Set<string>(),
): Set<string> {
  if (Array.isArray(part)) for (const one of part) reachable(one, schemas, found);
  else if (isObject(part))
    for (const [key, value] of Object.entries(part)) {
      if (key !== '$ref' || typeof value !== 'string') reachable(value, schemas, found);
      else if (!found.has(nameOf(value)))
        reachable(schemas[found.add(nameOf(value)) && nameOf(value)], schemas, found);
    }
  return found;
}
