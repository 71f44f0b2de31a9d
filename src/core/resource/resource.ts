import type { ListFilter } from './list-filter.js';
import { nameRoutes } from '../audit/route-target.js';
import type { Type } from '../table/field-spec.js';
import { declareStored, type StoredSpec } from '../table/stored.js';
import { Moment, Uuid, Whole } from '../table/field-decorators.js';

/** How a row belongs to a client: itself or by its own `client_id`, through a parent, or not at all. */
export type ClientRule = 'self' | 'none' | ClientVia;
export interface ClientVia {
  via: string;
}

/** The row belongs to the client of the row that `field` references; `client_id` is copied from there. */
export function via(field: string): ClientVia {
  return { via: field };
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
  /** Deleting needs msp:write instead of msp:admin. */
  removeScope?: 'msp:write' | 'msp:admin';
  /** Filters of its lists that no single column answers. */
  filters?: ListFilter[];
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

/** What is known of a resource. */
export interface ResourceSpec extends StoredSpec, Omit<ResourceOptions, 'table' | 'unique' | 'indexes'> {
  /** `SecurityIncident`: the class's name, as errors and schemas say it. */
  label: string;
}

const RESOURCES = new Map<Type, ResourceSpec>();

/** A table with the uniform routes of api.md. */
export function Resource(options: ResourceOptions): ClassDecorator {
  return target => {
    const type = target as unknown as Type;
    const table = options.table ?? options.path.replaceAll('-', '_');
    const spec = { ...options, ...declareStored(type, { ...options, table }), label: type.name };
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

export function resourceOf(type: Type): ResourceSpec {
  const spec = RESOURCES.get(type);
  if (!spec) throw new Error(`${type.name} has no @Resource`);
  return spec;
}

export function allResources(): ResourceSpec[] {
  return [...RESOURCES.values()];
}

/** The column that says whose a row is; undefined for resources that belong to no client. */
export function clientColumn(spec: ResourceSpec): string | undefined {
  if (spec.client === 'none') return undefined;
  return spec.byName.has('client_id') ? 'client_id' : 'id';
}
