import type { ListFilter } from './lists/list-filter.js';
import { nameRoutes } from '../audit/route-target.js';
import { fieldsOf, type Type } from '../table/field-spec.js';
import { declareStored, type StoredSpec } from '../table/stored.js';
import { MapOf, MayBelongTo, Moment, Uuid, Whole } from '../table/field-decorators.js';

/**
 * Whose a row is: the client itself, by its own `client_id`, its parent's client, or no client's: `none` is of the
 * house, and not told to who sees some clients alone (`only`), one's own excepted; `shared` are the words, names and
 * rights that everybody's rows need, as far as the `restrictions` of their service tell them.
 */
export type ClientRule = 'itself' | 'self' | 'none' | 'shared' | ClientVia;
export interface ClientVia {
  via: string;
}

/** The client of the row that `field` references: `client_id` is declared by this, read-only, and follows it. */
export function via(field: string): ClientVia {
  return { via: field };
}

/** The uniform routes. */
export const ROUTES = ['list', 'create', 'bulk', 'get', 'update', 'remove'] as const;
export type Route = (typeof ROUTES)[number];

/** The headings of an overview of what its rows belong to: `GET /infrastructure/{id}/overview`. */
export type OverviewPart = 'runs' | 'access' | 'changes' | 'problems' | 'more';

export interface ResourceOptions {
  /** Singular, snake_case: `security_incident`. */
  name: string;
  /** Plural, kebab-case, below /api: `security-incidents`. */
  path: string;
  /** What its rows are: the sentence under its heading in the document. */
  about: string;
  client: ClientRule;
  /** Plural, snake_case; the path in snake_case when absent. */
  table?: string;
  unique?: string[][];
  indexes?: string[][];
  /** Only these uniform routes (`list` brings the lists by parent along); all when absent. */
  routes?: readonly Route[];
  /** Writing needs msp:admin instead of msp:write. */
  writeScope?: 'msp:write' | 'msp:admin';
  /** Deleting needs msp:write instead of msp:admin. */
  removeScope?: 'msp:write' | 'msp:admin';
  /** DELETE ends its rows, which stay for the record. */
  keeps?: boolean;
  /** Filters of its lists that no single column answers. */
  filters?: ListFilter[];
  /** Accepts `tags: [names]` and the tag filters. */
  taggable?: boolean;
  /** The field that names the owner: such rows without a client are visible to their owner. */
  owner?: string;
  /** Answers hold fields that are derived when they are read; then a 304 would lie. */
  derived?: boolean;
  /** What a body must fulfil beyond its fields, in Markdown; the document has it where rows are created. */
  writing?: string;
  /** What a deletion is asked with in its query. */
  removeQuery?: { name: string; description: string; schema: object };
  /** Routes that take access away, and may demand rotations along with it (`?rotate=revealed`). */
  withdraws?: readonly Route[];
  /** Who changes or deletes what, in Markdown; the document has it where rows are changed and deleted. */
  changing?: string;
  /** Which rows can never be deleted, as a condition on the table, and how a refusal says so. */
  lasting?: { sql: string; says: string };
  /** Its rows have sealed secrets: a single row is never cached, and `get` may show them. */
  secrets?: boolean;
  /** What is missing (404) or taken (409) among its rows is worth guessing: such an answer is on the trail. */
  guarded?: boolean;
  /** Routes that may ask for what a reveal policy demands, by the headers X-Opskeep-Reason and X-Opskeep-Otp. */
  policyHeaders?: readonly Route[];
  /** Routes that ask whoever has a second factor for a code, by the header X-Opskeep-Otp. */
  codeHeader?: readonly Route[];
  /**
   * A row without a client (by `via`: whose parent has none) takes that of the first row that it refers to, and follows
   * it to another client: what is known of a client is nobody else's.
   */
  inheritsClient?: boolean;
  /** A row without a client refers to nothing that belongs to one (422): it would be open to others. */
  asksForClient?: boolean;
  /** Fields in which secrets are masked before they are stored (core/redaction); true for all free text, lists and maps. */
  redacts?: true | readonly string[];
  /** `archived_at` is declared by this; lists leave archived rows out unless asked. */
  archivable?: boolean;
  /** Where the overview of a row shows those that belong to it; `more` when absent. */
  overview?: OverviewPart;
  /**
   * The fields that people call a row by, the first that has a value before the others: on the trail, in overviews and
   * beside references in exports. `name`, `title`, `hostname`, `email` when absent.
   */
  called?: readonly string[];
  /** `custom_fields` is declared by this: the values of the fields that administrators define for its rows. */
  customFields?: boolean;
}

/** What is known of a resource. */
export interface ResourceSpec extends StoredSpec, Omit<ResourceOptions, 'table' | 'unique' | 'indexes'> {
  /** `SecurityIncident`: the class's name, as errors and schemas say it. */
  label: string;
}

const RESOURCES = new Map<Type, ResourceSpec>();

/** A table with the uniform routes (docs/api.md). */
export function Resource(options: ResourceOptions): ClassDecorator {
  return target => {
    const type = target as unknown as Type;
    declareClient(type, options);
    if (options.archivable) declareArchive(type, options);
    if (options.customFields) MapOf('any', CUSTOM_FIELDS)(type.prototype as object, 'custom_fields');
    const table = options.table ?? options.path.replaceAll('-', '_');
    const spec = { ...options, ...declareStored(type, { ...options, table }), label: type.name };
    RESOURCES.set(type, spec);
    nameRoutes(spec.path, spec);
  };
}

/** No resource without an owner by mistake: whoever says that it has a client has the column. */
function declareClient(type: Type, { client, name, inheritsClient }: ResourceOptions): void {
  const has = (field: string) => fieldsOf(type).some(one => one.name === field);
  if (client === 'self' && !has('client_id'))
    throw new Error(`${name} says client: 'self' and has no client_id`);
  if (typeof client !== 'object') return;
  if (has('client_id'))
    throw new Error(`${name} takes its client_id from ${client.via} and declares another`);
  if (!has(client.via)) throw new Error(`${name} has no ${client.via} to take its client from`);
  const own = inheritsClient ? ', or, where that has none, of what else it refers to' : '';
  const description = `The client of its ${client.via}${own}`;
  const column = { readOnly: true, description } as const;
  MayBelongTo(clientType, column)(type.prototype as object, 'client_id');
}

const CUSTOM_FIELDS = {
  optional: true,
  example: null,
  description:
    'Values by the keys of the custom field definitions of this resource; in an update a key that is absent stays, and null clears it',
};

/** The field that lists of archivable rows look at. */
function declareArchive(type: Type, { name }: ResourceOptions): void {
  if (fieldsOf(type).some(one => one.name === 'archived_at'))
    throw new Error(`${name} says archivable: true, which declares archived_at, and declares another`);
  Moment({ optional: true })(type.prototype as object, 'archived_at');
}

/** The resource that is a client itself. */
function clientType(): Type {
  const found = allResources().find(one => one.client === 'itself');
  if (!found) throw new Error("No resource says client: 'itself'");
  return found.type;
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
export function clientColumn(spec: ResourceSpec): 'id' | 'client_id' | undefined {
  if (spec.client === 'none' || spec.client === 'shared') return undefined;
  return spec.client === 'itself' ? 'id' : 'client_id';
}

/** The field whose row says which client a row belongs to; undefined where it says so itself. */
export function viaField(spec: ResourceSpec): string | undefined {
  return typeof spec.client === 'object' ? spec.client.via : undefined;
}
