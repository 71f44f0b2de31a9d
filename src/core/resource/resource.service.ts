import { Injectable, OnModuleInit } from '@nestjs/common';
import { requireAdmin } from '../context/actor.js';
import { ConflictError } from '../context/errors.js';
import { currentActor } from '../context/request-context.js';
import { inParts } from '../database/sql.js';
import type { Mask } from '../redaction/known-secrets.js';
import { now } from '../database/values.js';
import { validateBody } from '../http/pipes/body.pipe.js';
import type { Type } from '../table/field-spec.js';
import { runBulk, type BulkResult } from './bulk/bulk.js';
import type { Draft } from './bulk/bulk-items.js';
import type { CustomValues } from './custom/custom-fields.js';
import { checkIfMatch } from './if-match.js';
import { apartIfTaken, holderOf, isNamedAsBefore } from './taken-names.js';
import type { RawQuery } from './lists/query-parts.js';
import { maskedBody, maskOfAll } from './bodies/masked-body.js';
import { askAhead, checkReferences, followClient, inheritClient, moveAlong } from './references.js';
import { AnyResourceService } from './resource-registry.js';
import { ResourceAdopter } from './resource-adopter.js';
import type { View } from './resource-reader.js';
import { ResourceEntity, resourceOf } from './resource.js';
import { requireSight } from './restriction.js';
import { retryIfTaken } from './retry.js';
import { type Changes, changesBetween, isUnchanged, newRow, writableChanges } from './row-changes.js';

export type { ChangeDetails } from './resource-changer.js';
export type { Asked, View } from './resource-reader.js';
export type Body = Record<string, unknown>;

/** The rows of a bulk that one statement stores. */
const STATEMENT = 100;
/** Those whose siblings are settled at once. */
const ONCE = 1_000;

/**
 * The uniform behaviour of a resource. A domain extends `ResourceService(Site)` and overrides hooks; creating and
 * updating run them in one order:
 *
 * `prepare(body, id?)` → `requireWriter(before?)` → `fill(row, before?, body)` → references → `check(row, before?, body)` → stored →
 * `after(row, before?, body)` → entry and event. `before` is there for an update; a new row passes `beforeInsert(rows)`,
 * alone or with others of a bulk. What changes nothing is not stored: no new version, no entry.
 */
@Injectable()
export abstract class AbstractResourceService<T extends ResourceEntity>
  extends ResourceAdopter<T>
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

  async remove(id: string, ifMatch?: string, _query?: RawQuery): Promise<void> {
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

  async bulk(items: unknown[], atomic: boolean, type: Type): Promise<BulkResult[]> {
    const { units, refusals, knownSecrets } = this.kit;
    const known = await maskOfAll(this.spec, items, knownSecrets);
    return runBulk<T>(units, items, atomic, {
      table: this.spec.table,
      prepare: async item => {
        const body = (await validateBody(type, item)) as Body;
        await this.requireWriter();
        return this.prepared(body, undefined, known);
      },
      askAhead: bodies => this.askAhead(bodies as Body[]),
      create: body => this.createItem(body as Body),
      draft: body => this.drafting(body as Body),
      insert: all => this.apart(() => this.store(all)),
      together: this.settlesSiblings ? ONCE : STATEMENT,
      refused: error => refusals.note(error),
    });
  }

  /** Reads, before the first of a bulk is stored, what all of them will ask for. */
  protected askAhead(bodies: Body[]): Promise<void> {
    return askAhead(this.kit, this.spec, bodies);
  }

  /** Whether nothing happens between a row and its entry: then many rows of a bulk are stored at once. */
  protected get isStoredTogether(): boolean {
    const own = AbstractResourceService.prototype;
    return this.create === own.create && this.createItem === own.createItem && this.after === own.after;
  }

  /** Rows that cannot be stored take back what `beforeInsert` has changed of their siblings. */
  private apart(work: () => Promise<void>): Promise<void> {
    return this.settlesSiblings ? this.kit.units.attempt(work) : work();
  }

  private get settlesSiblings(): boolean {
    return this.beforeInsert !== AbstractResourceService.prototype.beforeInsert;
  }

  /** How a body of a bulk is made a row that is stored together with others; undefined for one that is created alone. */
  protected drafting(body: Body): (() => Promise<Draft<T>>) | undefined {
    if (!this.isStoredTogether || body.tags !== undefined) return undefined;
    return async () => {
      await this.requireWriter();
      const row = newRow<T>(this.spec, body);
      await this.complete(row, undefined, body);
      const record = () => this.recordChange('create', row, { changes: changesBetween(this.spec, {}, row) });
      return { row, insert: () => this.apart(() => this.insert(row, body)), record };
    };
  }

  /** Once for each body, however often it is handed on. */
  protected async prepared(given: Body, id?: string, known?: { mask: Mask | undefined }): Promise<Body> {
    if (this.ready.has(given)) return given;
    const masked = await maskedBody(this.spec, given, this.kit.knownSecrets, known);
    const body = await this.prepare(masked, id);
    this.ready.add(body);
    return body;
  }

  private async complete(row: T, before: T | undefined, body: Body): Promise<void> {
    await followClient(this.kit, this.spec, row, before);
    await inheritClient(this.kit, this.spec, row, before);
    await this.fill(row, before, body);
    if (this.spec.customFields)
      await this.kit.customFields.complete(
        this.spec,
        row,
        before,
        body.custom_fields as CustomValues | undefined,
      );
    await checkReferences(this.kit, this.spec, row, before);
    await this.check(row, before, body);
  }

  private async insert(row: T, body: Body): Promise<void> {
    const insert = () => this.store([row]);
    await this.named(row, undefined, insert).catch(retryIfTaken(this.assigned(row, undefined, body)));
  }

  private async store(rows: T[]): Promise<void> {
    await this.beforeInsert(rows);
    for (const part of inParts(rows, STATEMENT)) await this.kit.rows.insert(this.type, ...part);
    if (this.spec.customFields) await this.kit.customFields.index(this.spec, rows.map(row => ({ row }))); // prettier-ignore
  }

  private async save(row: T, before: T | undefined, body: Body): Promise<View<T>> {
    await this.complete(row, before, body);
    const given = this.assigned(row, before, body);
    const tagged: Changes = before ? await this.tag(row.id, body.tags) : {};
    if (before && isUnchanged(this.spec, before, row) && Object.keys(tagged).length === 0)
      return this.viewOf(before);
    if (before) {
      Object.assign(row, { version: before.version + 1, updated_at: now() });
      await this.named(row, before, () => this.write(before, row)).catch(retryIfTaken(given));
      if (this.spec.customFields) await this.kit.customFields.index(this.spec, [{ row, before }]);
      await moveAlong(this.kit, this.spec, row, before);
    } else {
      await this.insert(row, body);
      Object.assign(tagged, await this.tag(row.id, body.tags, []));
    }
    await this.after(row, before, body);
    const changes = { ...changesBetween(this.spec, before ?? {}, row), ...tagged };
    this.recordChange(before ? 'update' : 'create', row, { changes, before });
    return this.viewOf(row, before ? undefined : ((tagged.tags?.[1] as string[] | undefined) ?? []));
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
      const refusesAll = key.within.length === 0 && !this.spec.byName.get(key.field)?.unseenMayRepeat;
      return refusesAll || (await this.reference(holder)) !== undefined;
    });
  }

  /** Gives a row the tags that a body names; what became of them, for the entry. */
  private async tag(id: string, names: unknown, before?: string[]): Promise<Changes> {
    if (!this.spec.taggable || names === undefined) return {};
    return this.kit.tagging.assign(this.spec, id, (names ?? []) as string[], before);
  }

  protected checkVersion(row: T, ifMatch: string | undefined): void {
    checkIfMatch(this.spec.label, row, ifMatch);
  }

  protected conflict(message: string, row: { id: string }, field?: string): ConflictError {
    return new ConflictError(message, { field, resource_type: this.spec.label, resource_id: row.id });
  }

  /** 403 where the actor may not write; `before` is the row that is to be changed or deleted. */
  protected requireWriter(_before?: T): Promise<void> | void {
    const actor = currentActor();
    if (this.spec.writeScope === 'msp:admin') requireAdmin(actor);
    requireSight(this.spec, actor);
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
  /**
   * Gives checked rows, of a bulk all that can be stored together, what depends on their siblings, and changes those
   * along. It runs again for parts of them, and at last for each alone, where they cannot.
   */
  protected beforeInsert(_rows: T[]): Promise<void> | void {}
  /** Stores what hangs on the row, in the same unit. */
  protected after(_row: T, _before: T | undefined, _body: Body): Promise<void> | void {}
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
