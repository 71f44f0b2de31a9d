import { Injectable } from '@nestjs/common';
import { ConflictError, StaleRowError } from '../context/errors.js';
import { currentActor } from '../context/request-context.js';
import { inParts } from '../database/sql.js';
import { now } from '../database/values.js';
import type { Type } from '../table/field-spec.js';
import { storedOf } from '../table/stored.js';
import { nextTurn, turnIsOver } from '../workers/turns.js';
import { customValuesOf } from './custom/custom-fields.js';
import { changeRows, removeRows } from './deletion.js';
import { apartIfTaken } from './taken-names.js';
import { moveChildren } from './references.js';
import type { MovedRow, Referred } from './resource-registry.js';
import { clientRestriction } from './restriction.js';
import { ResourceReader } from './resource-reader.js';
import { clientColumn, type ResourceEntity, viaField } from './resource.js';
import { type Changes, changesBetween, pick } from './row-changes.js';

/** What an entry says of a change beside who and when. */
export interface ChangeDetails {
  changes?: Changes;
  /** The row as it was stored before; absent where the row itself has not changed. It is not in the entry. */
  before?: object;
  /** Whether an action of its own has made the row; it is not in the entry. */
  isNew?: boolean;
  [more: string]: unknown;
}

const EVENTS = { create: 'resource.created', delete: 'resource.deleted' } as const;

/** What befalls stored rows, each with its entry and its event: changes by actions, and what follows from other rows. */
@Injectable()
export abstract class ResourceChanger<T extends ResourceEntity> extends ResourceReader<T> {
  /**
   * One change of a stored row by an action of its own: a new version, written only if nobody else was faster
   * (else the unit runs anew), with its entry `<name>.<verb>` and its event. Answers with the new row. It asks for no
   * right, because it also serves what follows from another change (a parent that moves, a reference that goes, a
   * demand of the system) and so befalls rows that the actor may not write: an action asks before it calls this.
   */
  async change(before: T, changes: Partial<T>, verb = 'update', details: ChangeDetails = {}): Promise<T> {
    const row = { ...before, ...changes, version: before.version + 1, updated_at: now() };
    await apartIfTaken(this.spec, row, () => this.write(before, row));
    this.recordChange(verb, row, { changes: changesBetween(this.spec, before, row), ...details, before });
    return row;
  }

  removeAll(ids: string[]): Promise<void> {
    return removeRows<T>(this.kit, this.spec, ids, {
      before: row => this.beforeRemove(row),
      record: row => this.recordChange('delete', row, { changes: changesBetween(this.spec, row, {}) }),
      stale: () => this.stale(),
    });
  }

  clearReference(field: string, ids: string[]): Promise<void> {
    return this.changeAll(ids, { [field]: null } as Partial<T>);
  }

  async changeCustom(
    ids: string[],
    edit: (values: Record<string, unknown>) => Record<string, unknown>,
  ): Promise<void> {
    for (const row of await this.kit.rows.find(this.type, { id: ids } as never, { order: 'id' })) {
      if (turnIsOver()) await nextTurn();
      const values = edit(customValuesOf(row));
      const custom_fields = Object.keys(values).length > 0 ? values : null;
      await this.change(row, { custom_fields } as unknown as Partial<T>);
    }
  }

  async moveWithParent(
    field: string,
    parent_id: string,
    client_id: string | null,
    former: string | null,
  ): Promise<MovedRow[]> {
    // What belongs to somebody else by itself refuses the move; what has come already by another parent is there.
    const follows = this.spec.inheritsClient
      ? ` AND (client_id IS NULL OR client_id = ?)${this.ofNobodysParent(field)}`
      : '';
    const text = `SELECT id FROM ${this.spec.table} WHERE ${field} = ?${follows} ORDER BY id`;
    const values = follows ? [parent_id, former] : [parent_id];
    const found = await this.kit.units.sql.select<{ id: string }>(text, values);
    if (former === null && client_id) await this.refuseOthers(field, parent_id);
    // Of rows with long texts, what is asked of them afterwards.
    const kept = this.spec.fields.filter(one => one.primary || one.reference).map(one => one.name);
    const own: MovedRow[] = [];
    await this.changeAll(
      found.map(row => row.id),
      this.atClient(client_id),
      row => own.push({ spec: this.spec, row: pick(row, kept) }),
    );
    const moved = [...own];
    for (const { row } of own) {
      if (turnIsOver()) await nextTurn();
      for (const one of await moveChildren(this.kit, this.spec, row, former)) moved.push(one);
    }
    return moved;
  }

  /** By `via`, a row of a client's parent follows that alone. */
  private ofNobodysParent(field: string): string {
    const via = viaField(this.spec);
    const type = this.spec.byName.get(via ?? '')?.reference?.target();
    if (!type || via === field) return '';
    return ` AND ${via} IN (SELECT above.id FROM ${storedOf(type).table} above WHERE above.client_id IS NULL)`;
  }

  /** 409: what somebody keeps to himself is not opened to others by giving a client to what it refers to. */
  private async refuseOthers(field: string, parent_id: string): Promise<void> {
    const seen = clientRestriction(this.spec, currentActor());
    if (!seen) return;
    const isHidden = `CASE WHEN ${seen.sql} THEN 0 ELSE 1 END = 1`;
    const text = `SELECT id FROM ${this.spec.table} WHERE ${field} = ? AND client_id IS NULL AND ${isHidden} LIMIT 1`;
    const others = await this.kit.units.sql.select(text, [parent_id, ...seen.values]);
    if (others.length > 0)
      throw new ConflictError('Rows of other users, who keep them to themselves, refer to this row');
  }

  checkMoved(_row: Referred): Promise<void> | void {}

  /** What a row is given that follows its parent to another client. */
  protected atClient(client_id: string | null): Partial<T> {
    return { client_id } as never;
  }

  /** Gives rows the same values, each with a new version, an entry and an event. */
  private async changeAll(ids: string[], values: Partial<T>, seen?: (row: T) => void): Promise<void> {
    const record = (row: T, before: T) => {
      this.recordChange('update', row, { changes: changesBetween(this.spec, before, row), before });
      seen?.(row);
    };
    if (!this.isPartOfKey(values))
      return changeRows<T>(this.kit, this.spec, ids, values, { record, stale: () => this.stale() });
    for (const part of inParts(ids))
      for (const row of await this.kit.rows.find(this.type, { id: part } as never)) {
        const changed = await this.change(row, values);
        seen?.(changed);
      }
  }

  /** Whether a key is made from one of these values: it is another one for each row, and may be taken. */
  protected isPartOfKey(values: Partial<T>): boolean {
    return this.spec.fields.some(one => one.keyOf?.within.some(name => name in values));
  }

  /** Conditional: a copy that is older than the row changes nothing, and the unit runs anew. */
  async write(before: T, row: T): Promise<void> {
    const where = { id: before.id, version: before.version };
    if ((await this.kit.rows.update(this.type, where as never, row)) !== 1) throw this.stale();
  }

  /**
   * The entry of the audit and the event of a change, and what follows from it (`stored`): every change passes here.
   * `verb` is create, update, delete or an action's own.
   */
  recordChange(verb: string, row: T, what: ChangeDetails = {}): void {
    const { before, isNew } = what;
    if (verb === 'create' || isNew) this.stored(row, undefined);
    else if (verb === 'delete') this.stored(undefined, row);
    else if (before) this.stored(row, before as T);
    if (verb === 'create' || verb === 'delete' || isNew || before)
      for (const one of this.kit.registry.followers)
        one.follow(this.spec, row, verb === 'delete', before as T | undefined);
    this.tell(verb, row, what);
  }

  /** The entry and the event alone. */
  protected tell(verb: string, row: T, what: ChangeDetails): void {
    const { changes, before: _before, isNew, ...details } = what;
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
        // Whoever follows the changes of a row knows by it what he has.
        ...(changes ? { changed_fields: Object.keys(changes), version: row.version } : {}),
      },
    });
    const kind = isNew ? 'create' : verb;
    this.kit.events.announce(EVENTS[kind as keyof typeof EVENTS] ?? 'resource.updated', {
      resource: this.spec.name,
      id: row.id,
      client_id,
      actor_id: currentActor().id,
    });
  }

  clientOf(row: T): string | null {
    const column = clientColumn(this.spec);
    return column ? ((row as unknown as Record<string, unknown>)[column] as string | null) : null;
  }

  /**
   * A row was made, changed (`before`) or deleted (no `row`), whichever way: by a request, an action, in a bulk, along
   * with its parent, or because a reference went. What follows in other tables is gathered by `units.beforeCommit`, and
   * written once for all; a row that changed may be gone by then.
   */
  protected stored(_row: T | undefined, _before: T | undefined): void {}

  protected auditDetails(_row: T): Record<string, unknown> {
    return {};
  }

  /** Refuses the deletion of a row, or takes along what no foreign key names. */
  protected beforeRemove(_row: T): Promise<void> | void {}

  protected get type(): Type<T> {
    return this.spec.type as Type<T>;
  }

  protected stale(): StaleRowError {
    return new StaleRowError(`${this.spec.label} was changed at the same time`);
  }
}
