import { nameRoutes } from '../audit/route-target.js';
import { fieldsOf, FieldSpec, Type } from './field.js';
import { Moment, Uuid, Whole } from './fields.js';

/** How a row belongs to a client: itself or by its own `client_id`, through a parent, or not at all. */
export type ClientRule = 'self' | 'none' | ClientVia;
export interface ClientVia {
  via: string;
}

/** The row belongs to the client of the row that `field` references; `client_id` is copied from there. */
export function via(field: string): ClientVia {
  return { via: field };
}

/** A table with its declared fields; resources have routes on top of it. */
export interface StoredOptions {
  table: string;
  /** Uniqueness over several columns. */
  unique?: string[][];
  /** Indexes beside those of the fields. */
  indexes?: string[][];
}

export interface ResourceOptions {
  /** Singular, snake_case: `security_incident`. */
  name: string;
  /** Plural, kebab-case, below /api: `security-incidents`. */
  path: string;
  client: ClientRule;
  /** Plural, snake_case; the path in snake_case when absent. */
  table?: string;
  unique?: string[][];
  indexes?: string[][];
  /** Writing needs msp:admin instead of msp:write. */
  writeScope?: 'msp:write' | 'msp:admin';
  /** Accepts `tags: [names]` and the tag filters. */
  taggable?: boolean;
  /** The field that names the owner: such rows without a client are visible to their owner. */
  owner?: string;
  /** Answers hold fields that are derived when they are read; then a 304 would lie. */
  derived?: boolean;
  /** Its rows have sealed secrets: a single row is never cached, and `get` may show them. */
  secrets?: boolean;
  /** Has archived_at: lists leave archived rows out unless asked. */
  archivable?: boolean;
}

/** What is known of a stored class: its table and its fields. */
export interface StoredSpec {
  type: Type;
  table: string;
  /** The columns. */
  fields: FieldSpec[];
  /** Fields without a column: secrets of a body, derived ones of an answer. */
  virtual: FieldSpec[];
  byName: Map<string, FieldSpec>;
  unique: string[][];
  indexes: string[][];
}

/** How errors name the thing: the class of a resource, the table of anything else. */
export function resourceLabel(spec: StoredSpec): string {
  return spec.type.name || spec.table;
}

/** What is known of a resource. */
export interface ResourceSpec extends StoredSpec, Omit<ResourceOptions, 'table' | 'unique' | 'indexes'> {
  /** `SecurityIncident`: the class's name, as errors and schemas say it. */
  label: string;
}

const STORED = new Map<Type, StoredSpec>();
const RESOURCES = new Map<Type, ResourceSpec>();

function storedSpec(type: Type, options: StoredOptions): StoredSpec {
  const declared = fieldsOf(type);
  const fields = declared.filter(one => !one.virtual);
  return {
    type,
    table: options.table,
    fields,
    virtual: declared.filter(one => one.virtual),
    byName: new Map(fields.map(one => [one.name, one])),
    unique: options.unique ?? [],
    indexes: options.indexes ?? [],
  };
}

/** A table without routes of its own. */
export function Stored(options: StoredOptions): ClassDecorator {
  return target => {
    const type = target as unknown as Type;
    STORED.set(type, storedSpec(type, options));
  };
}

/** A table with the uniform routes of api.md. */
export function Resource(options: ResourceOptions): ClassDecorator {
  return target => {
    const type = target as unknown as Type;
    const table = options.table ?? options.path.replaceAll('-', '_');
    const spec = { ...options, ...storedSpec(type, { ...options, table }), label: type.name };
    STORED.set(type, spec);
    RESOURCES.set(type, spec);
    nameRoutes(spec.path, spec.name, spec.label);
  };
}

/** What every resource has. */
export abstract class ResourceEntity {
  @Uuid({ readOnly: true, primary: true, description: 'UUIDv7' }) id!: string;
  @Whole({ readOnly: true, index: false, description: 'Goes up by one with each update; the ETag' })
  version!: number;
  @Moment({ readOnly: true }) created_at!: string;
  @Moment({ readOnly: true }) updated_at!: string;
}

export function storedOf(type: Type): StoredSpec {
  const spec = STORED.get(type);
  if (!spec) throw new Error(`${type.name} has no @Resource or @Stored`);
  return spec;
}

export function resourceOf(type: Type): ResourceSpec {
  const spec = RESOURCES.get(type);
  if (!spec) throw new Error(`${type.name} has no @Resource`);
  return spec;
}

/** Every stored class that has been imported, in the order of import. */
export function allStored(): StoredSpec[] {
  return [...STORED.values()];
}

export function allResources(): ResourceSpec[] {
  return [...RESOURCES.values()];
}

/** The column that says whose a row is; undefined for resources that belong to no client. */
export function clientColumn(spec: ResourceSpec): string | undefined {
  if (spec.client === 'none') return undefined;
  return spec.byName.has('client_id') ? 'client_id' : 'id';
}
