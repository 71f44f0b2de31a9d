import { ConflictError } from '../context/errors.js';
import type { ResourceKit } from './kit.js';
import type { ResourceSpec } from './resource.js';
import type { Reference } from './resource-registry.js';

/**
 * What hangs on a row that goes, inside the same unit: RESTRICT refuses (409), CASCADE deletes with entry
 * and event, and then SET NULL clears the references of rows that stay. Tables without routes are left to the database's own cascade.
 */
export async function removeReferences(kit: ResourceKit, spec: ResourceSpec, id: string): Promise<void> {
  const references = kit.registry.referencesTo(spec.type);
  for (const one of references.filter(({ field }) => field.reference?.onDelete === 'RESTRICT'))
    await refuseWhileReferenced(kit, spec, one, id);
  const cascades = references.filter(({ field }) => field.reference?.onDelete === 'CASCADE');
  const clears = references.filter(({ field }) => field.reference?.onDelete === 'SET NULL');
  for (const { table, field, service } of [...cascades, ...clears]) {
    if (!service) continue;
    const rows = await kit.units.sql.select<{ id: string }>(
      `SELECT id FROM ${table} WHERE ${field.name} = ?`,
      [id],
    );
    const ids = rows.map(row => row.id);
    if (ids.length === 0) continue;
    if (field.reference?.onDelete === 'CASCADE') await service.removeAll(ids);
    else await service.clearReference(field.name, ids);
  }
}

async function refuseWhileReferenced(
  kit: ResourceKit,
  spec: ResourceSpec,
  one: Reference,
  id: string,
): Promise<void> {
  const text = `SELECT 1 AS found FROM ${one.table} WHERE ${one.field.name} = ? LIMIT 1`;
  if ((await kit.units.sql.select(text, [id])).length === 0) return;
  throw new ConflictError(`${spec.label} is still referenced by ${one.table.replaceAll('_', ' ')}`, {
    resource_type: spec.label,
    resource_id: id,
    referenced_by: one.table,
  });
}
