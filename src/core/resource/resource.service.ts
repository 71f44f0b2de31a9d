import { Inject, Injectable, OnModuleInit } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { isAdmin } from '../context/actor.js';
import { AuthorizationError, ConflictError, NotFoundError, StaleRowError } from '../context/errors.js';
import { currentActor } from '../context/request-context.js';
import { runBulk, BulkResult } from './bulk.js';
import { now } from '../table/codec.js';
import { clearReferences, removeReferences } from './deletion.js';
import type { FieldSpec, Type } from '../table/field-spec.js';
import { checkIfMatch } from './if-match.js';
import { ResourceKit } from './kit.js';
import { everything, ListQuery, parseListQuery, RawQuery } from './list-query.js';
import { Page, readPage } from './page.js';
import { checkReferences, followClient } from './references.js';
import { AnyResourceService } from './resource-registry.js';
import { clientColumn, ResourceEntity, resourceOf, type ResourceSpec } from './resource.js';
import { clientRestriction } from './restriction.js';
import { Clause } from '../table/rows.js';
import {
  type Changes, changesBetween, fillDefaults, pick, plainView, writableChanges,
} from './row-changes.js'; // prettier-ignore

/** A row as an answer shows it: the stored fields, and what is derived from them. */
export type View<T> = T & { tags?: string[] };
export type Body = Record<string, unknown>;

/** How a single row was asked for: for resources whose answer depends on it. */
export interface Asked {
  query: RawQuery;
  headers: Record<string, string | string[] | undefined>;
}

/**
 * The uniform behaviour of a resource: find, check, change, announce. A domain extends
 * `ResourceService(Site)` and overrides the hooks (`beforeCreate`, `beforeUpdate`, …).
 */
@Injectable()
export abstract class AbstractResourceService<T extends ResourceEntity>
  implements AnyResourceService, OnModuleInit
{
  @Inject(ResourceKit) protected readonly kit!: ResourceKit;

  constructor(readonly spec: ResourceSpec) {}

  onModuleInit(): void {
    this.kit.registry.register(this);
  }

  async list(raw: RawQuery, ...more: Clause[]): Promise<Page<View<T>>> {
    return this.page(parseListQuery(this.spec, raw, this.kit.units.sql.dialect), ...more);
  }

  async page(query: ListQuery, ...more: Clause[]): Promise<Page<View<T>>> {
    const tagged = this.spec.taggable
      ? this.kit.tagging.condition(this.spec, query.tags, query.tags_all)
      : [];
    const clauses = [...this.restrictions(), ...tagged, ...more];
    const tags = query.derived.includes('tags') ? this.kit.tagging.column(this.spec) : undefined;
    const read = (fields: FieldSpec[]) =>
      readPage<T>(this.kit.units, this.spec, { ...query, fields }, clauses, tags);
    // Derived fields are made from whole rows: where only some are wanted, the rest is left out afterwards.
    if (query.derived.length === 0) return read(query.fields);
    const all = everything(this.spec);
    const page = await read(all.fields);
    const items = await this.completeViews(page.items);
    if (query.fields === all.fields) return { ...page, items };
    const names = [...query.fields.map(one => one.name), ...query.derived];
    return { ...page, items: items.map(one => pick(one, names)) };
  }

  /** The names of the columns that a list's query asks for, as an export writes them. */
  columnsOf(raw: RawQuery): string[] {
    const { fields, derived } = parseListQuery(this.spec, raw, this.kit.units.sql.dialect);
    return [...fields.map(one => one.name), ...derived];
  }

  /** A row that the actor may see; 404 otherwise. */
  async get(id: string, _asked?: Asked): Promise<View<T>> {
    return this.viewOf(await this.find(id));
  }

  async create(body: Body): Promise<View<T>> {
    return this.kit.units.run(async () => {
      this.requireWriter();
      const time = now();
      const row = {
        ...fillDefaults(this.spec, body),
        id: uuidv7(),
        version: 1,
        created_at: time,
        updated_at: time,
      } as T;
      await followClient(this.kit, this.spec, row);
      await this.beforeCreate(row, body);
      await checkReferences(this.kit, this.spec, row);
      await this.kit.rows.insert(this.spec.type as Type<T>, row);
      const tagged = await this.tag(row.id, body.tags);
      await this.afterCreate(row, body);
      this.recordChange('create', row, { changes: { ...changesBetween(this.spec, {}, row), ...tagged } });
      return this.viewOf(row);
    });
  }

  async update(id: string, body: Body, ifMatch?: string): Promise<View<T>> {
    return this.kit.units.run(async () => {
      this.requireWriter();
      const before = await this.find(id, true);
      this.checkVersion(before, ifMatch);
      const changes = writableChanges(this.spec, before, body) as Partial<T>;
      await this.beforeUpdate(before, changes, body);
      const row = { ...before, ...changes, version: before.version + 1, updated_at: now() };
      await followClient(this.kit, this.spec, row);
      await checkReferences(this.kit, this.spec, row, before);
      await this.write(before, row);
      const tagged = await this.tag(id, body.tags);
      await this.afterUpdate(before, row, body);
      this.recordChange('update', row, { changes: { ...changesBetween(this.spec, before, row), ...tagged } });
      return this.viewOf(row);
    });
  }

  async remove(id: string, ifMatch?: string): Promise<void> {
    await this.kit.units.run(async () => {
      this.requireWriter();
      const row = await this.find(id, true);
      this.checkVersion(row, ifMatch);
      await this.removeAll([id]);
    });
  }

  bulk(items: unknown[], atomic: boolean, type: Type): Promise<BulkResult[]> {
    const { units, refusals } = this.kit;
    const create = (body: object) => this.create(body as Body);
    return runBulk(units, items, atomic, type, create, error => refusals.note(error));
  }

  /**
   * The stored row, visible to the actor; 404 otherwise. With `lock` nobody else changes it until the unit ends:
   * on MariaDB many changes of one row would else find it stale again and again.
   */
  async find(id: string, lock = false): Promise<T> {
    const clauses = [{ sql: `${this.spec.table}.id = ?`, values: [id] }, ...this.restrictions()];
    const columns = this.spec.fields.map(one => `${this.spec.table}.${one.name}`).join(', ');
    const tail = lock && this.kit.units.sql.dialect === 'mariadb' ? ' FOR UPDATE' : '';
    const text = `SELECT ${columns} FROM ${this.spec.table} WHERE ${clauses.map(one => one.sql).join(' AND ')}${tail}`;
    const rows = await this.kit.units.sql.select(text, clauses.flatMap(one => one.values)); // prettier-ignore
    const [row] = this.kit.rows.decode<T>(this.spec, rows);
    if (!row) throw this.missing(id);
    return row;
  }

  async reference(id: string): Promise<{ id: string; client_id: string | null } | undefined> {
    const column = clientColumn(this.spec);
    const clauses = [{ sql: `${this.spec.table}.id = ?`, values: [id] }, ...this.restrictions()];
    const text =
      `SELECT ${this.spec.table}.id, ${column ? `${this.spec.table}.${column}` : 'NULL'} AS client_id ` +
      `FROM ${this.spec.table} WHERE ${clauses.map(one => one.sql).join(' AND ')}`;
    return (await this.kit.units.sql.select<{ id: string; client_id: string | null }>(text, clauses.flatMap(one => one.values)))[0]; // prettier-ignore
  }

  async removeAll(ids: string[]): Promise<void> {
    for (const row of await this.kit.rows.find(this.spec.type as Type<T>, { id: ids } as never)) {
      await this.beforeRemove(row);
      await removeReferences(this.kit, this.spec, row.id);
      const where = { id: row.id, version: row.version };
      if ((await this.kit.rows.remove(this.spec.type as Type<T>, where as never)) !== 1)
        throw new StaleRowError(`${this.spec.label} was changed at the same time`);
      this.recordChange('delete', row, { changes: changesBetween(this.spec, row, {}) });
    }
  }

  async clearReference(field: string, ids: string[]): Promise<void> {
    await clearReferences(this.kit, this.spec, field, ids, (before, row) =>
      this.write(before as T, row as T),
    );
  }

  missing(id: string): NotFoundError {
    return new NotFoundError(`${this.spec.label} was not found`, {
      resource_type: this.spec.label,
      resource_id: id,
    });
  }

  /** Conditional: a copy that is older than the row changes nothing, and the unit runs anew. */
  async write(before: T, row: T): Promise<void> {
    const where = { id: before.id, version: before.version };
    if ((await this.kit.rows.update(this.spec.type as Type<T>, where as never, row)) !== 1)
      throw new StaleRowError(`${this.spec.label} was changed at the same time`);
  }

  visible(): Clause[] {
    return this.restrictions();
  }

  /** Gives a row the tags that a body names; what became of them, for the entry. */
  private async tag(id: string, names: unknown): Promise<Changes> {
    if (!this.spec.taggable || names === undefined) return {};
    return this.kit.tagging.assign(this.spec, id, (names ?? []) as string[]);
  }

  /** The entry of the audit and the event of a change; `verb` is create, update, delete or an action's own. */
  recordChange(verb: string, row: T, what: { changes?: Changes; [more: string]: unknown } = {}): void {
    const { changes, ...details } = what;
    const client_id = this.clientOf(row);
    const actor = currentActor();
    this.kit.audit.record({
      action: `${this.spec.name}.${verb}`,
      resource_type: this.spec.name,
      resource_id: row.id,
      client_id,
      name: this.nameOf(row),
      changes,
      details: {
        ...this.auditDetails(row),
        ...details,
        ...(changes ? { changed_fields: Object.keys(changes) } : {}),
      },
    });
    const EVENTS = {
      create: 'resource.created',
      update: 'resource.updated',
      delete: 'resource.deleted',
    } as const;
    if (verb in EVENTS)
      this.kit.events.announce(EVENTS[verb as keyof typeof EVENTS], {
        resource: this.spec.name,
        id: row.id,
        client_id,
        actor_id: actor.id,
      });
  }

  clientOf(row: T): string | null {
    const column = clientColumn(this.spec);
    return column ? ((row as unknown as Body)[column] as string | null) : null;
  }

  /** Which rows the actor may see, as conditions inside every query. */
  protected restrictions(): Clause[] {
    const own = clientRestriction(this.spec, currentActor());
    return own ? [own] : [];
  }

  /** Readable rows → answers: derived fields are added to them, with a fixed number of queries. */
  protected completeViews(rows: View<T>[]): Promise<View<T>[]> {
    return Promise.resolve(rows);
  }

  /** A stored row as its answer; the row itself stays as it is. */
  async viewOf(row: T): Promise<View<T>> {
    const view: View<T> = plainView(this.spec, row);
    if (this.spec.taggable)
      view.tags = (await this.kit.tagging.namesOf(this.spec, [row.id])).get(row.id) ?? [];
    const [presented] = await this.completeViews([view]);
    return presented as View<T>;
  }

  protected nameOf(row: T): string | null {
    const { name, title, hostname, email } = row as unknown as Record<string, string | null | undefined>;
    return name ?? title ?? hostname ?? email ?? null;
  }

  protected requireWriter(): void {
    if (this.spec.writeScope === 'msp:admin' && !isAdmin(currentActor()))
      throw new AuthorizationError('This needs the scope msp:admin', { scope: 'msp:admin' });
  }

  protected checkVersion(row: T, ifMatch: string | undefined): void {
    checkIfMatch(this.spec.label, row, ifMatch);
  }

  protected conflict(message: string, row: { id: string }, field?: string): ConflictError {
    return new ConflictError(message, { field, resource_type: this.spec.label, resource_id: row.id });
  }

  protected auditDetails(_row: T): Record<string, unknown> {
    return {};
  }
  /** Fills and checks a new row before anything is stored. */
  protected beforeCreate(_row: T, _body: Body): Promise<void> | void {}
  protected afterCreate(_row: T, _body: Body): Promise<void> | void {}
  /** Checks and completes the changes of a row. */
  protected beforeUpdate(_before: T, _changes: Partial<T>, _body: Body): Promise<void> | void {}
  protected afterUpdate(_before: T, _row: T, _body: Body): Promise<void> | void {}
  protected beforeRemove(_row: T): Promise<void> | void {}
}

/** `class SitesService extends ResourceService(Site) {}` */
export function ResourceService<T extends ResourceEntity>(
  type: Type<T>,
): abstract new () => AbstractResourceService<T> {
  abstract class Made extends AbstractResourceService<T> {
    constructor() {
      super(resourceOf(type));
    }
  }
  // Without it Nest finds the parameter of the abstract class, and asks for a provider of it.
  Reflect.defineMetadata('design:paramtypes', [], Made);
  return Made;
}
