import { ConflictError } from '../context/errors.js';
import { currentActor } from '../context/request-context.js';
import { inParts, MOST_LISTED, placeholders } from '../database/sql.js';
import { now } from '../database/values.js';
import type { Type } from '../table/field-spec.js';
import { nextTurn, turnIsOver } from '../workers/turns.js';
import type { ResourceKit } from './kit.js';
import { refuseWhileNeeded } from './left-behind.js';
import type { ResourceEntity, ResourceSpec } from './resource.js';
import type { Reference } from './resource-registry.js';
import { hiddenByClient } from './restriction.js';
import { withBranches } from './structure/tree.js';

/** What a resource does with each of its rows when many change or go at once. */
export interface EachRow<T> {
  before?: (row: T) => Promise<void> | void;
  /** The entry and the event of `row`, which was `before`. */
  record: (row: T, before: T) => void;
  stale: () => Error;
}

/**
 * Deletes rows together with what hangs on them, 1,000 at a time: how many statements that takes does not depend on
 * how many tables refer to how many rows, nor on how deep a tree is. A row that somebody changed meanwhile runs the
 * unit anew.
 */
export async function removeRows<T extends ResourceEntity>(
  kit: ResourceKit,
  spec: ResourceSpec,
  ids: string[],
  { before, record, stale }: EachRow<T>,
): Promise<void> {
  const parent = parentField(kit, spec);
  for (const part of await deletedWith(kit, spec, ids, parent)) {
    await refuseHidden(kit, spec, part);
    const rows = await kit.rows.find(spec.type as Type<T>, { id: part } as never, { order: 'id' });
    if (before) await each(rows, before);
    await removeReferences(
      kit,
      spec,
      rows.map(row => row.id),
    );
    if (parent !== undefined) await detach(kit, spec, parent, part);
    for (const [version, same] of byVersion(rows)) {
      const where = { id: same.map(row => row.id), version };
      if ((await kit.rows.remove(spec.type, where as never)) !== same.length) throw stale();
    }
    if (spec.customFields) await kit.customFields.forget(rows.map(row => row.id));
    await each(rows, row => record(row, row));
  }
}

/** The field that names a parent of the same table, with which a row goes. */
function parentField(kit: ResourceKit, spec: ResourceSpec): string | undefined {
  const own = kit.registry.referencesTo(spec.type).filter(one => one.table === spec.table);
  return own.find(({ field }) => field.reference?.onDelete === 'CASCADE')?.field.name;
}

/** The rows of a tree go with all below them: the deepest first, so that no parent goes before its children. */
async function deletedWith(
  { units }: ResourceKit,
  { table }: ResourceSpec,
  ids: string[],
  parent: string | undefined,
): Promise<string[][]> {
  if (parent === undefined) return inParts(ids);
  const all: string[] = [];
  for (const part of inParts(ids)) all.push(...(await withBranches(units, { table, parent }, part)));
  return inParts(all);
}

/** Rows that go at once let go of each other before: the database would take a child along with its parent. */
async function detach(
  kit: ResourceKit,
  { table }: ResourceSpec,
  parent: string,
  ids: string[],
): Promise<void> {
  const text = `UPDATE ${table} SET ${parent} = NULL WHERE id IN (${placeholders(ids.length)})`;
  await kit.units.sql.change(text, ids);
}

/** Gives many rows the same values, 1,000 at a time; each has a new version. No key may be made from these fields. */
export async function changeRows<T extends ResourceEntity>(
  kit: ResourceKit,
  spec: ResourceSpec,
  ids: string[],
  values: Partial<T>,
  { record, stale }: EachRow<T>,
): Promise<void> {
  for (const part of inParts(ids)) {
    const rows = await kit.rows.find(spec.type as Type<T>, { id: part } as never, { order: 'id' });
    for (const [version, same] of byVersion(rows)) {
      const changes = { ...values, version: version + 1, updated_at: now() };
      const where = { id: same.map(row => row.id), version };
      if ((await kit.rows.update(spec.type, where as never, changes as never)) !== same.length) throw stale();
      await each(same, row => record({ ...row, ...changes }, row));
    }
  }
}

/** One after the other; others are let in between. */
async function each<T>(rows: T[], work: (row: T) => Promise<void> | void): Promise<void> {
  for (const row of rows) {
    if (turnIsOver()) await nextTurn();
    await work(row);
  }
}

function byVersion<T extends ResourceEntity>(rows: T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(row.version);
    if (group) group.push(row);
    else groups.set(row.version, [row]);
  }
  return groups;
}

/**
 * What hangs on at most 1,000 rows that go, inside the same unit: RESTRICT refuses (409), and so does what would be left
 * without its client; CASCADE deletes with entry
 * and event, and then SET NULL clears the references of rows that stay. Tables without routes are left to the
 * database's own cascade.
 */
async function removeReferences(kit: ResourceKit, spec: ResourceSpec, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  const references = kit.registry.referencesTo(spec.type);
  await refuseWhileNeeded(kit, spec, ids);
  const cascades = references.filter(({ field }) => field.reference?.onDelete === 'CASCADE');
  const clears = references.filter(({ field }) => field.reference?.onDelete === 'SET NULL');
  for (const { table, field, service } of [...cascades, ...clears]) {
    if (!service) continue;
    const own = table === spec.table ? ids : [];
    for await (const part of referring(kit, { table, field }, ids, own)) {
      if (field.reference?.onDelete === 'CASCADE') await service.removeAll(part);
      else await service.clearReference(field.name, part);
    }
  }
}

/** Nobody deletes rows of a client that they do not see along with what has no client. Which these are is not said. */
async function refuseHidden({ units }: ResourceKit, spec: ResourceSpec, ids: string[]): Promise<void> {
  const { table } = spec;
  const hidden = hiddenByClient(spec, currentActor());
  if (!hidden || ids.length === 0) return;
  const among = `${table}.id IN (${placeholders(ids.length)})`;
  const text = `SELECT ${table}.id FROM ${table} WHERE ${among} AND ${hidden.sql} LIMIT 1`;
  if ((await units.sql.select(text, [...ids, ...hidden.values])).length > 0)
    throw new ConflictError('Rows of a client that you do not see would be deleted with it');
}

/** The ids of the rows that refer to one of these, 1,000 at a time, without those that go themselves. */
async function* referring(
  kit: ResourceKit,
  { table, field }: Reference,
  ids: string[],
  own: string[],
): AsyncGenerator<string[], void, undefined> {
  const except = own.length > 0 ? ` AND id NOT IN (${placeholders(own.length)})` : '';
  const text =
    `SELECT id FROM ${table} WHERE ${field.name} IN (${placeholders(ids.length)}) AND id > ?${except} ` +
    `ORDER BY id LIMIT ${MOST_LISTED}`;
  for (let last = ''; ;) {
    const rows = await kit.units.sql.select<{ id: string }>(text, [...ids, last, ...own]);
    if (rows.length > 0) yield rows.map(row => row.id);
    last = rows.at(-1)?.id ?? '';
    if (rows.length < MOST_LISTED) return;
  }
}
