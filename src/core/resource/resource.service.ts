import { Injectable, OnModuleInit } from '@nestjs/common';
import { isAdmin } from '../context/actor.js';
import { AuthorizationError, ConflictError, StaleRowError } from '../context/errors.js';
import { currentActor } from '../context/request-context.js';
import { now } from '../database/values.js';
import { validateBody } from '../http/pipes/body.pipe.js';
import type { Type } from '../table/field-spec.js';
import { runBulk, BulkResult } from './bulk.js';
import { clearField, removeRows } from './deletion.js';
import { checkIfMatch } from './if-match.js';
import { apartIfTaken, holderOf, isNamedAsBefore } from './naming.js';
import { checkReferences, followClient, moveAlong, moveChildren, type MovedRow } from './references.js';
import { AnyResourceService } from './resource-registry.js';
import { ResourceReader, type View } from './resource-reader.js';
import { clientColumn, ResourceEntity, resourceOf } from './resource.js';
import { retryIfTaken } from './retry.js';
import { type Changes, changesBetween, isUnchanged, newRow, writableChanges } from './row-changes.js';

export type { Asked, View } from './resource-reader.js';
export type Body = Record<string, unknown>;

/** What an entry says of a change beside who and when. */
export interface ChangeDetails {
  changes?: Changes;
  [more: string]: unknown;
}

const EVENTS = { create: 'resource.created', delete: 'resource.deleted' } as const;

/**
 * The uniform behaviour of a resource. A domain extends `ResourceService(Site)` and overrides hooks; creating and
 * updating run them in one order:
 *
 * `prepare(body, id?)` → `requireWriter(before?)` → `fill(row, before?, body)` → references → `check(row, before?, body)` → stored →
 * `after(row, before?, body)` → entry and event. `before` is there for an update. What changes nothing is not
 * stored: no new version, no entry.
 */
@Injectable()
export abstract class AbstractResourceService<T extends ResourceEntity>
  extends ResourceReader<T>
  implements AnyResourceService, OnModuleInit
{
  private readonly ready = new WeakSet<Body>();

  onModuleInit(): void {
    this.kit.registry.register(this);
  }

  async create(given: Body): Promise<View<T>> {
    return this.kit.units.run(async () => {
      await this.requireWriter();
      const body = await this.prepared(given);
      return this.save(newRow<T>(this.spec, body), undefined, body);
    });
  }

  async update(id: string, given: Body, ifMatch?: string): Promise<View<T>> {
    return this.kit.units.run(async () => {
      const body = await this.prepared(given, id);
      const before = await this.find(id, true);
      await this.requireWriter(before);
      this.checkVersion(before, ifMatch);
      return this.save({ ...before, ...writableChanges(this.spec, before, body) }, before, body);
    });
  }

  async remove(id: string, ifMatch?: string): Promise<void> {
    await this.kit.units.run(async () => {
      const row = await this.find(id, true);
      await this.requireWriter(row);
      this.checkVersion(row, ifMatch);
      await this.removeAll([id]);
    });
  }

  /** One of many: its answer is not seen. */
  protected createItem(body: Body): Promise<View<T>> {
    return this.create(body);
  }

  bulk(items: unknown[], atomic: boolean, type: Type): Promise<BulkResult[]> {
    const { units, refusals } = this.kit;
    return runBulk(units, items, atomic, {
      prepare: async item => {
        const body = (await validateBody(type, item)) as Body;
        await this.requireWriter();
        return this.prepared(body);
      },
      create: body => this.createItem(body as Body),
      refused: error => refusals.note(error),
    });
  }

  /** Once for each body, however often it is handed on. */
  private async prepared(given: Body, id?: string): Promise<Body> {
    if (this.ready.has(given)) return given;
    const body = await this.prepare(given, id);
    this.ready.add(body);
    return body;
  }

  /**
   * One change of a stored row by an action of its own: a new version, written only if nobody else was faster
   * (else the unit runs anew), with its entry `<name>.<verb>` and its event. Answers with the new row. It asks for no
   * right, because it also serves what follows from another change (a parent that moves, a reference that goes, a
   * demand of the system) and so befalls rows that the actor may not write: an action asks before it calls this.
   */
  async change(before: T, changes: Partial<T>, verb = 'update', details: ChangeDetails = {}): Promise<T> {
    const row = { ...before, ...changes, version: before.version + 1, updated_at: now() };
    await apartIfTaken(this.spec, row, () => this.write(before, row));
    this.recordChange(verb, row, { changes: changesBetween(this.spec, before, row), ...details });
    return row;
  }

  removeAll(ids: string[]): Promise<void> {
    return removeRows<T>(this.kit, this.spec, ids, {
      before: row => this.beforeRemove(row),
      record: row => this.recordChange('delete', row, { changes: changesBetween(this.spec, row, {}) }),
      stale: () => this.stale(),
    });
  }

  async clearReference(field: string, ids: string[]): Promise<void> {
    // A key that is made from the field is another one for each row, and may be taken.
    const isPartOfKey = this.spec.fields.some(one => one.keyOf?.within.includes(field));
    if (!isPartOfKey) {
      const record = (row: T, before: T) =>
        this.recordChange('update', row, { changes: changesBetween(this.spec, before, row) });
      return clearField<T>(this.kit, this.spec, field, ids, { record, stale: () => this.stale() });
    }
    for (const row of await this.kit.rows.find(this.type, { id: ids } as never))
      await this.change(row, { [field]: null } as Partial<T>);
  }

  async moveWithParent(field: string, parent_id: string, client_id: string | null): Promise<MovedRow[]> {
    const moved: MovedRow[] = [];
    for (const before of await this.kit.rows.find(this.type, { [field]: parent_id } as never)) {
      const row = await this.change(before, { client_id } as never);
      moved.push({ spec: this.spec, row }, ...(await moveChildren(this.kit, this.spec, row)));
    }
    return moved;
  }

  /** Conditional: a copy that is older than the row changes nothing, and the unit runs anew. */
  async write(before: T, row: T): Promise<void> {
    const where = { id: before.id, version: before.version };
    if ((await this.kit.rows.update(this.type, where as never, row)) !== 1) throw this.stale();
  }

  /** The entry of the audit and the event of a change; `verb` is create, update, delete or an action's own. */
  recordChange(verb: string, row: T, what: ChangeDetails = {}): void {
    const { changes, ...details } = what;
    const client_id = this.clientOf(row);
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
    this.kit.events.announce(EVENTS[verb as keyof typeof EVENTS] ?? 'resource.updated', {
      resource: this.spec.name,
      id: row.id,
      client_id,
      actor_id: currentActor().id,
    });
  }

  clientOf(row: T): string | null {
    const column = clientColumn(this.spec);
    return column ? ((row as unknown as Body)[column] as string | null) : null;
  }

  private async save(row: T, before: T | undefined, body: Body): Promise<View<T>> {
    await followClient(this.kit, this.spec, row);
    await this.fill(row, before, body);
    await checkReferences(this.kit, this.spec, row, before);
    await this.check(row, before, body);
    const given = this.assigned(row, before, body);
    const tagged = before ? await this.tag(row.id, body.tags) : {};
    if (before && isUnchanged(this.spec, before, row) && Object.keys(tagged).length === 0)
      return this.viewOf(before);
    if (before) {
      Object.assign(row, { version: before.version + 1, updated_at: now() });
      await this.named(row, before, () => this.write(before, row)).catch(retryIfTaken(given));
      await moveAlong(this.kit, this.spec, row, before);
    } else {
      const insert = () => this.kit.rows.insert(this.type, row);
      await this.named(row, undefined, insert).catch(retryIfTaken(given));
      Object.assign(tagged, await this.tag(row.id, body.tags));
    }
    await this.after(row, before, body);
    const changes = { ...changesBetween(this.spec, before ?? {}, row), ...tagged };
    this.recordChange(before ? 'update' : 'create', row, { changes });
    return this.viewOf(row, before || body.tags ? undefined : []);
  }

  /**
   * What this service gave the row (`fill`), and so may choose anew when somebody else took it at the same time. What
   * an update left as it was is not chosen: that it is taken where the row moves to is a conflict.
   */
  private assigned(row: T, before: T | undefined, body: Body): string[] {
    const [now, then] = [row as unknown as Body, (before ?? {}) as unknown as Body];
    return this.spec.fields
      .filter(({ name, assigned }) => assigned && body[name] === undefined && now[name] !== then[name])
      .map(one => one.name);
  }

  /** A name that is taken refuses whoever gives it and may know of the row that has it, and nobody else. */
  private named<R>(row: T, before: T | undefined, write: () => Promise<R>): Promise<R> {
    return apartIfTaken(this.spec, row, write, async key => {
      if (isNamedAsBefore(key, row, before)) return false;
      const holder = await holderOf(this.kit, this.spec, key, row);
      return key.within.length === 0 || (await this.reference(holder)) !== undefined;
    });
  }

  /** Gives a row the tags that a body names; what became of them, for the entry. */
  private async tag(id: string, names: unknown): Promise<Changes> {
    if (!this.spec.taggable || names === undefined) return {};
    return this.kit.tagging.assign(this.spec, id, (names ?? []) as string[]);
  }

  private get type(): Type<T> {
    return this.spec.type as Type<T>;
  }

  private stale(): StaleRowError {
    return new StaleRowError(`${this.spec.label} was changed at the same time`);
  }

  protected nameOf(row: T): string | null {
    const { name, title, hostname, email } = row as unknown as Record<string, string | null | undefined>;
    return name ?? title ?? hostname ?? email ?? null;
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

  /** 403 where the actor may not write; `before` is the row that is to be changed or deleted. */
  protected requireWriter(_before?: T): Promise<void> | void {
    if (this.spec.writeScope === 'msp:admin' && !isAdmin(currentActor()))
      throw new AuthorizationError('This needs the scope msp:admin', { scope: 'msp:admin' });
  }
  /**
   * What takes time (hashes, scores), before the first statement of the unit: on SQLite everybody who writes waits for
   * a transaction that has begun. Reads what is committed by `kit.units.outside`; `id` is there for an update.
   */
  protected prepare(body: Body, _id?: string): Promise<Body> | Body {
    return body;
  }
  /** Completes a row: what follows from its other fields, and what was left to the service. */
  protected fill(_row: T, _before: T | undefined, _body: Body): Promise<void> | void {}
  /** Refuses a row that breaks a rule; its references are known to be good. */
  protected check(_row: T, _before: T | undefined, _body: Body): Promise<void> | void {}
  /** Stores what hangs on the row, in the same unit. */
  protected after(_row: T, _before: T | undefined, _body: Body): Promise<void> | void {}
  /** Refuses the deletion of a row, or takes along what no foreign key names. */
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
