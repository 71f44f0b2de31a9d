import { Injectable } from '@nestjs/common';
import type { NotFoundError } from '../context/errors.js';
import { FieldSpec, Type } from '../table/field-spec.js';
import type { BulkResult } from './bulk/bulk.js';
import { ResourceSpec } from './resource.js';
import type { Adopted } from './resource-adopter.js';
import type { RowFollower } from './row-follower.js';
import type { RawQuery } from './lists/query-parts.js';
import type { Page } from './lists/page.js';
import { allStored, storedOf } from '../table/stored.js';
import type { Clause } from '../table/clause.js';

/** Rows that belong to one row: how many the actor sees, and the newest of them. */
export interface Newest {
  /** At most 10,000. */
  total: number;
  total_capped?: boolean;
  newest: {
    id: string;
    name: string | null;
    status?: string;
    created_at: string;
    updated_at: string;
  }[];
}

/** What is asked of a row that another one refers to. */
export interface Referred {
  id: string;
  client_id: string | null;
}

/** A row that moved to another client with its parent. */
export interface MovedRow {
  spec: ResourceSpec;
  row: object;
}

/** What one resource may ask of another one's service: visibility and deletion. */
export interface AnyResourceService {
  readonly spec: ResourceSpec;
  /** The id and client of a row that the actor may see; undefined otherwise. With `lock` both stay so until the unit ends. */
  reference(id: string, lock?: boolean): Promise<Referred | undefined>;
  /** As `reference`, of several rows. */
  references(ids: string[]): Promise<Referred[]>;
  /** The names of those of these rows that the actor may see, by id. */
  namesOf(ids: string[]): Promise<Map<string, string>>;
  /** A page of the rows that the actor may see. */
  list(query: RawQuery): Promise<Page<{ id: string }>>;
  /** As `list`, for who follows `next`: a page of very long texts holds fewer rows. */
  part(query: RawQuery): Promise<Page<{ id: string }>>;
  /** Which rows the actor may see, as conditions on the table; none when all. */
  visible(): Clause[];
  /** Of the rows that belong to another one by a field. */
  newest(field: string, id: string, count: number): Promise<Newest>;
  create(body: Record<string, unknown>): Promise<{ id: string }>;
  /** Creates rows, each by itself or all of them; `type` is the body of a creation. */
  bulk(items: unknown[], atomic: boolean, type: Type): Promise<BulkResult[]>;
  /** As a PATCH: 404 for what the actor may not see, with entry and event. */
  update(id: string, body: Record<string, unknown>): Promise<unknown>;
  /** Stores rows of another installation as they were there, in the running unit. */
  adopt(brought: Adopted<{ id: string }>[], later?: readonly string[]): Promise<void>;
  /** The 404 for one of its rows. */
  missing(id: string): NotFoundError;
  /** Deletes rows together with what hangs on them, each with its audit entry and event. */
  removeAll(ids: string[]): Promise<void>;
  /** Changes the custom values of rows, each with its version, entry and event. */
  changeCustom(
    ids: string[],
    edit: (values: Record<string, unknown>) => Record<string, unknown>,
  ): Promise<void>;
  /** Clears a reference to a row that goes: a new version, an entry and an event for each row. */
  clearReference(field: string, ids: string[]): Promise<void>;
  /**
   * Follows a parent from its former client to another one, with what hangs on the rows in turn; answers with all that
   * moved.
   */
  moveWithParent(
    field: string,
    parent_id: string,
    client_id: string | null,
    former: string | null,
  ): Promise<MovedRow[]>;
  /** Refuses (422) a row at its new client, when all that moves with it is there. */
  checkMoved(row: Referred): Promise<void> | void;
}

/** A field of another table that refers to this one. */
export interface Reference {
  table: string;
  field: FieldSpec;
  service?: AnyResourceService;
}

/** The services of all resources, by their entity; each registers itself when it is made. */
@Injectable()
export class ResourceRegistry {
  private readonly byType = new Map<Type, AnyResourceService>();
  /** Told of every row that is created, changed or deleted. */
  readonly followers = new Set<RowFollower>();

  register(service: AnyResourceService): void {
    this.byType.set(service.spec.type, service);
  }

  of(type: Type): AnyResourceService | undefined {
    return this.byType.get(type);
  }

  byPath(path: string): AnyResourceService | undefined {
    return [...this.byType.values()].find(one => one.spec.path === path);
  }

  /** The service of the resource that is a client itself. */
  ofClients(): AnyResourceService {
    const found = [...this.byType.values()].find(one => one.spec.client === 'itself');
    if (!found) throw new Error("No resource says client: 'itself'");
    return found;
  }

  /** The service of the resource whose rows have secrets. */
  ofSecrets(): AnyResourceService {
    const found = [...this.byType.values()].find(one => one.spec.secrets);
    if (!found) throw new Error('No resource says secrets: true');
    return found;
  }

  /** Every declared foreign key to a table. */
  referencesTo(type: Type): Reference[] {
    return allStored().flatMap(spec =>
      spec.fields
        .filter(one => one.reference?.target() === type)
        .map(field => ({ table: storedOf(spec.type).table, field, service: this.byType.get(spec.type) })),
    );
  }
}
