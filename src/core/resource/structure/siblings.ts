import { ConflictError } from '../../context/errors.js';
import { lockRow } from '../../database/locks.js';
import { storedOf } from '../../table/stored.js';
import type { ResourceKit } from '../kit.js';
import type { ResourceSpec } from '../resource.js';

/**
 * The number behind the last one among the rows of the same parent, as far as the field allows one. Whoever else asks
 * for the same parent waits until the unit ends: no two rows have one number.
 */
export async function nextInOrder(
  kit: ResourceKit,
  spec: ResourceSpec,
  column: string,
  parent: string,
  row: object,
): Promise<number> {
  const id = await lockParent(kit, spec, parent, row);
  const text = `SELECT MAX(${column}) AS last FROM ${spec.table} WHERE ${parent} = ?`;
  const [found] = await kit.units.sql.select<{ last: number | null }>(text, [id]);
  const next = (found?.last ?? 0) + 1;
  if (next <= Number(spec.byName.get(column)?.api.maximum)) return next;
  throw new ConflictError('No number is left behind the last one: give a lower one', {
    field: column,
    resource_type: spec.label,
  });
}

/** 409 where the parent of a new row has `most` of them. Whoever else asks for the same parent waits until the unit ends. */
export async function requireRoom(
  kit: ResourceKit,
  spec: ResourceSpec,
  parent: string,
  row: object,
  most: number,
  message: string,
): Promise<void> {
  const id = await lockParent(kit, spec, parent, row);
  const text = `SELECT 1 FROM ${spec.table} WHERE ${parent} = ? LIMIT 1 OFFSET ${most - 1}`;
  if ((await kit.units.sql.select(text, [id])).length > 0)
    throw new ConflictError(message, { field: parent, resource_type: spec.label });
}

async function lockParent(
  { units }: ResourceKit,
  spec: ResourceSpec,
  parent: string,
  row: object,
): Promise<string> {
  const target = spec.byName.get(parent)?.reference?.target();
  if (!target) throw new Error(`${spec.label}.${parent} refers to nothing`);
  const id = (row as Record<string, string>)[parent] ?? '';
  await lockRow(units.sql, storedOf(target).table, id);
  return id;
}
