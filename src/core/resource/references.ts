import { type FieldFault, ValidationError } from '../context/errors.js';
import type { FieldSpec } from '../table/field-spec.js';
import type { ResourceKit } from './kit.js';
import { allResources, clientColumn, type ResourceSpec, viaField } from './resource.js';

type Values = Record<string, unknown>;

/**
 * Every reference that is set (or, with `before`, changed) names a row that the actor may see; and the row
 * and what it refers to belong to the same client where both belong to one.
 */
export async function checkReferences(
  kit: ResourceKit,
  spec: ResourceSpec,
  row: object,
  before?: object,
): Promise<void> {
  const values = row as Values;
  const stored = before as Values | undefined;
  const moved = stored !== undefined && stored.client_id !== values.client_id;
  const faults: FieldFault[] = [];
  for (const field of spec.fields) {
    const id = values[field.name];
    if (!field.reference || typeof id !== 'string') continue;
    if (stored && stored[field.name] === id && !moved) continue;
    faults.push(...(await faultsOfReference(kit, field, id, values)));
  }
  if (faults.length > 0)
    throw new ValidationError(faults, faults[0] && `${faults[0].field}: ${faults[0].message}`);
  if (moved && clientColumn(spec) === 'client_id') await checkChildren(kit, spec, values);
}

async function faultsOfReference(
  kit: ResourceKit,
  field: FieldSpec,
  id: string,
  row: Values,
): Promise<FieldFault[]> {
  const service = kit.registry.of(field.reference?.target() ?? Object);
  if (!service) throw new Error(`${field.name} refers to a class without a resource service`);
  const found = await service.reference(id);
  if (!found) return [{ field: field.name, message: 'refers to nothing that exists', rule: 'reference' }];
  const client = row.client_id;
  if (field.name === 'client_id' || !client || !found.client_id || found.client_id === client) return [];
  return [{ field: field.name, message: 'belongs to another client', rule: 'client' }];
}

/** A row cannot move to another client while rows of the present client refer to it. */
async function checkChildren(kit: ResourceKit, spec: ResourceSpec, row: Values): Promise<void> {
  for (const { table, field, service } of kit.registry.referencesTo(spec.type)) {
    if (!service || clientColumn(service.spec) !== 'client_id') continue;
    if (viaField(service.spec) === field.name) continue;
    const text = `SELECT id FROM ${table} WHERE ${field.name} = ? AND client_id IS NOT NULL AND client_id <> ? LIMIT 1`;
    if (
      (await kit.units.sql.select(text, [row.id as string, (row.client_id as string | null) ?? ''])).length >
      0
    )
      throw ValidationError.of('client_id', `${table} of the present client refer to this row`, 'client');
  }
}

/** Rows whose client is that of this row move along, each with its own children, entry, event and new version. */
export async function moveChildren(
  kit: ResourceKit,
  spec: ResourceSpec,
  row: object,
  before: object,
): Promise<void> {
  const { id, client_id } = row as Values;
  if (clientColumn(spec) !== 'client_id' || (before as Values).client_id === client_id) return;
  for (const { field, service } of kit.registry.referencesTo(spec.type))
    if (service && viaField(service.spec) === field.name)
      await service.moveWithParent(field.name, id as string, client_id as string | null);
}

/** `client: via('infrastructure_id')`: the row's client_id is its parent's. */
export async function followClient(kit: ResourceKit, spec: ResourceSpec, row: object): Promise<void> {
  const via = viaField(spec);
  if (via === undefined) return;
  const values = row as Values;
  const parent = allResources().find(one => one.type === spec.byName.get(via)?.reference?.target());
  const id = values[via];
  if (!parent || typeof id !== 'string') return;
  values.client_id = (await kit.registry.of(parent.type)?.reference(id))?.client_id ?? null;
}
