import { inParts, placeholders } from '../../core/database/sql.js';
import {
  AbstractResourceService,
  type Body,
  type ChangeDetails,
  type View,
} from '../../core/resource/resource.service.js';
import { inheritClient } from '../../core/resource/references.js';
import { retryIfTaken } from '../../core/resource/retry.js';
import { newRow } from '../../core/resource/row-changes.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import { hashOf, isSamePlace, keysOf, PLACE, type RecurringRow } from './content-key.js';

/**
 * Rows that come again and again, from hooks and imports: what has the same content as a row of the same project is
 * that row. Without a project the client takes its place, and without a client the user.
 */
export abstract class RecurringService<T extends RecurringRow> extends AbstractResourceService<T> {
  /** What two rows have in common that are the same. */
  protected abstract contentOf(row: T): string[];

  /** The same content came again. */
  protected again(row: T): Promise<T> {
    return Promise.resolve(row);
  }

  /** What nobody had brought when its bulk began, and its key. */
  private readonly fresh = new WeakMap<Body, string>();

  override create(given: Body): Promise<View<T>> {
    return this.kit.units.run(async () => {
      await this.requireWriter();
      const body = await this.prepared(given);
      const row = newRow<T>(this.spec, body);
      await inheritClient(this.kit, this.spec, row);
      const { seen } = await this.place(row);
      if (!seen) return super.create(body);
      return this.viewOf(await this.again(await this.find(seen, true)));
    });
  }

  /** A row that follows another one elsewhere is known there from then on, unless the same content is there. */
  override async change(before: T, changes: Partial<T>, verb?: string, details?: ChangeDetails): Promise<T> {
    const row = { ...before, ...changes };
    if (isSamePlace(row, before)) return super.change(before, changes, verb, details);
    const key = await this.freeKey(row, before);
    const keyed = { ...changes, content_key: key };
    return super.change(before, keyed, verb, details).catch(retryIfTaken(['content_key']));
  }

  protected override isPartOfKey(values: Partial<T>): boolean {
    return PLACE.some(name => name in values);
  }

  /** What comes for the first time in a bulk is stored together; what comes again is created alone. */
  protected override get isStoredTogether(): boolean {
    return true;
  }

  protected override drafting(body: Body): ReturnType<AbstractResourceService<T>['drafting']> {
    return this.fresh.has(body) ? super.drafting(body) : undefined;
  }

  protected override async askAhead(bodies: Body[]): Promise<void> {
    await super.askAhead(bodies);
    const firsts = new Map<string, Body>();
    for (const body of bodies) {
      if (turnIsOver()) await nextTurn();
      const row = newRow<T>(this.spec, body);
      await inheritClient(this.kit, this.spec, row);
      const [key] = this.keysOf(row);
      if (key && !firsts.has(key)) firsts.set(key, body);
    }
    for (const part of inParts([...firsts.keys()])) {
      const text = `SELECT content_key AS id FROM ${this.spec.table} WHERE content_key IN (${placeholders(part.length)})`;
      for (const { id } of await this.kit.units.sql.select<{ id: string }>(text, part)) firsts.delete(id);
    }
    for (const [key, body] of firsts) this.fresh.set(body, key);
  }

  protected override async fill(row: T, before: T | undefined, body: Body): Promise<void> {
    row.content_hash = hashOf(this.contentOf(row));
    if (before && before.content_hash === row.content_hash && isSamePlace(row, before)) return;
    const fresh = this.fresh.get(body);
    if (fresh && fresh === this.keysOf(row)[0]) {
      row.content_key = fresh;
      return;
    }
    const { seen, key } = await this.place(row, before);
    if (seen) {
      if (before) throw this.conflict(`${this.spec.label} with this content already exists`, { id: seen });
      // It has come since `create` looked: the unit runs anew, and finds it.
      throw this.stale();
    }
    row.content_key = key;
  }

  /**
   * The row of the same content that the actor sees, or the key that the row may have: that of all, or, where a row
   * that the actor does not see has it, one among those of its user; null where that is taken by such a row, too.
   */
  private async place(row: T, before?: T): Promise<{ seen?: string; key: string | null }> {
    for (const key of this.keysOf(row, before)) {
      if (before?.content_key === key) return { key };
      const holder = await this.holder(key, row.id);
      if (!holder) return { key };
      if (await this.reference(holder)) return { seen: holder, key };
    }
    return { key: null };
  }

  private keysOf(row: T, before?: T): string[] {
    return keysOf(row, this.contentOf(row), before);
  }

  /** The key of all first; where that is taken, the next that is free. */
  protected override async completeAdopted(row: T): Promise<void> {
    row.content_key =
      row.content_key === null ? (this.keysOf(row, row)[0] ?? null) : await this.freeKey(row, row);
  }

  /** The first of its keys that no other row has, whoever may see it. */
  private async freeKey(row: T, before: T): Promise<string | null> {
    for (const key of this.keysOf(row, before)) if (!(await this.holder(key, row.id))) return key;
    return null;
  }

  /** The other row that has this key, whoever may see it. */
  private async holder(key: string, id: string): Promise<string | undefined> {
    const text = `SELECT id FROM ${this.spec.table} WHERE content_key = ? AND id <> ?`;
    return (await this.kit.units.sql.select<{ id: string }>(text, [key, id]))[0]?.id;
  }
}
