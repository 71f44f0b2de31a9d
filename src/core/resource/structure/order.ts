import { ConflictError } from '../../context/errors.js';
import { lockRow } from '../../database/locks.js';
import { storedOf } from '../../table/stored.js';
import type { ResourceKit } from '../kit.js';
import type { ResourceSpec } from '../resource.js';

/**
 * The number behind the last one among the rows of the same parent, as far as the field allows one. Whoever else asks for the same parent waits until
 * the unit ends: no two rows have one number.
 */
export async function nextInOrder(
  { units }: ResourceKit,
  spec: ResourceSpec,
  column: string,
  parent: string,
  row: object,
): Promise<number> {
  const target = spec.byName.get(parent)?.reference?.target();
  if (!target) throw new Error(`${spec.label}.${parent} refers to nothing`);
  const id = (row as Record<string, string>)[parent] ?? '';
  await lockRow(units.sql, storedOf(target).table, id);
  const text = `SELECT MAX(${column}) AS last FROM ${spec.table} WHERE ${parent} = ?`;
  const [found] = await units.sql.select<{ last: number | null }>(text, [id]);
  const next = (found?.last ?? 0) + 1;
  if (next <= Number(spec.byName.get(column)?.api.maximum)) return next;
  throw new ConflictError('No number is left behind the last one: give a lower one', {
    field: column,
    resource_type: spec.label,
  });
}
