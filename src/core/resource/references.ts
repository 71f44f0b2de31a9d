import { refusing } from '../audit/refusals.js';
import { type FieldFault, ValidationError } from '../context/errors.js';
import { currentActor } from '../context/request-context.js';
import { canonical } from '../table/codec.js';
import type { FieldSpec } from '../table/field-spec.js';
import type { ResourceKit } from './kit.js';
import type { AnyResourceService, MovedRow, Referred } from './resource-registry.js';
import { allResources, clientColumn, type ResourceSpec, viaField } from './resource.js';
import { nextTurn, turnIsOver } from '../workers/turns.js';

type Values = Record<string, unknown>;

const OF_A_CLIENT = 'belongs to a client, and the row to none';

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
  const stored = before as Values | undefined;
  const { client_id } = row as Values;
  // Of a row that moves, the clients are compared when all that moves with it has moved.
  const client = stored && stored.client_id !== client_id ? undefined : (client_id ?? undefined);
  const concerned = (field: FieldSpec) => !stored || stored[field.name] !== (row as Values)[field.name];
  await refuseFaults(kit, spec, row as Values, client, concerned, stored ? 'update' : 'create');
}

async function refuseFaults(
  kit: ResourceKit,
  spec: ResourceSpec,
  row: Values,
  /** Whose the row is: null for nobody's, undefined where that is not compared. */
  client: unknown,
  concerned: (field: FieldSpec) => boolean,
  verb = 'update',
): Promise<void> {
  const faults: FieldFault[] = [];
  for (const field of spec.fields.filter(one => one.reference && concerned(one))) {
    const id = row[field.name];
    if (typeof id === 'string' && !isActor(spec, field, id))
      faults.push(...(await faultsOfReference(kit, field, id, client)));
  }
  const [first] = faults;
  if (!first) return;
  const error = new ValidationError(faults, `${first.field}: ${first.message}`);
  const missing = faults.find(one => one.rule === 'reference' && referredTo(spec, one.field)?.guarded);
  const target = missing && referredTo(spec, missing.field);
  throw target ? refusingReference(error, `${spec.name}.${verb}`, target, String(row[missing.field])) : error;
}

/** The guard has read the row of who is asking, and does again before the first change: nobody need look for it. */
function isActor({ owner }: ResourceSpec, { name }: FieldSpec, id: string): boolean {
  const actor = currentActor();
  return name === owner && actor.kind === 'user' && actor.id === id;
}

function referredTo(spec: ResourceSpec, field: string): ResourceSpec | undefined {
  const type = spec.byName.get(field)?.reference?.target();
  return allResources().find(one => one.type === type);
}

/** An id that was tried as a reference is on the record as if its own route had been tried. */
export function refusingReference(
  error: ValidationError,
  action: string,
  target: ResourceSpec,
  id: string,
): ValidationError {
  return refusing(error, { action, resource_type: target.name, resource_id: id });
}

async function faultsOfReference(
  kit: ResourceKit,
  field: FieldSpec,
  id: string,
  client: unknown,
): Promise<FieldFault[]> {
  const service = kit.registry.of(field.reference?.target() ?? Object);
  if (!service) throw new Error(`${field.name} refers to a class without a resource service`);
  const found = await knownReference(kit, service, id);
  if (!found) return [{ field: field.name, message: 'refers to nothing that exists', rule: 'reference' }];
  if (field.name === 'client_id' || client === undefined || !found.client_id) return [];
  if (found.client_id === client) return [];
  const message = client === null ? OF_A_CLIENT : 'belongs to another client';
  return [{ field: field.name, message, rule: 'client' }];
}

/**
 * `inheritsClient`: a row without a client has that of the first row that its writer makes it refer to;
 * `asksForClient`: its writer must say whose it is (422), once one of these or the client is changed.
 */
export async function inheritClient(
  kit: ResourceKit,
  spec: ResourceSpec,
  row: object,
  before?: object,
): Promise<void> {
  const [values, stored] = [row as Values, before as Values | undefined];
  if (!(spec.inheritsClient || spec.asksForClient) || values.client_id) return;
  const isAsBefore = (field: FieldSpec) => stored?.[field.name] === values[field.name];
  const asked = referringFields(spec);
  if (spec.asksForClient && [...asked, ...clientField(spec)].every(isAsBefore)) return;
  for (const field of asked) {
    const client_id = await clientOfReference(kit, field, values[field.name], !isAsBefore(field));
    if (!client_id) continue;
    if (spec.asksForClient)
      throw viaField(spec)
        ? ValidationError.of(field.name, OF_A_CLIENT, 'client')
        : ValidationError.of('client_id', 'is required: what it is for belongs to a client', 'client');
    values.client_id = client_id;
    return;
  }
}

/** What a row is for: the fields by which its writer makes it refer to rows that can have a client. */
export function referringFields(spec: ResourceSpec): FieldSpec[] {
  return spec.fields.filter(({ name, reference, readOnly }) => {
    if (!reference || readOnly || name === 'client_id') return false;
    const target = allResources().find(one => one.type === reference.target());
    return target !== undefined && clientColumn(target) === 'client_id';
  });
}

function clientField(spec: ResourceSpec): FieldSpec[] {
  return spec.fields.filter(one => one.name === 'client_id');
}

/** A row without a client that is referred to anew is locked: it may be given one at the same time. */
async function clientOfReference(
  kit: ResourceKit,
  { reference }: FieldSpec,
  id: unknown,
  isNew: boolean,
): Promise<string | null> {
  const service = kit.registry.of(reference?.target() ?? Object);
  if (!service || typeof id !== 'string') return null;
  const known = await knownReference(kit, service, id);
  if (!known || known.client_id || !isNew) return known?.client_id ?? null;
  return (await knownReference(kit, service, id, true))?.client_id ?? null;
}

/**
 * A row has moved to another client: rows whose client is that of this row move along, each with its own children,
 * entry, event and new version. Then none of them may refer to a row of another client, or be referred to by one.
 */
export async function moveAlong(
  kit: ResourceKit,
  spec: ResourceSpec,
  row: object,
  before: object,
): Promise<void> {
  if (clientColumn(spec) !== 'client_id' || (before as Values).client_id === (row as Values).client_id)
    return;
  const former = (before as Values).client_id as string | null;
  for (const moved of [{ spec, row }, ...(await moveChildren(kit, spec, row, former))]) {
    if (turnIsOver()) await nextTurn();
    const values = moved.row as Values;
    await refuseFaults(kit, moved.spec, values, values.client_id, () => true);
    await refuseWhileHeld(kit, moved.spec, values);
    await kit.registry.of(moved.spec.type)?.checkMoved(moved.row as Referred);
  }
}

/** Moves what follows a row of the client `former`, at any depth; answers with all that moved. */
export async function moveChildren(
  kit: ResourceKit,
  spec: ResourceSpec,
  row: object,
  former: string | null,
): Promise<MovedRow[]> {
  const { id, client_id } = row as Values;
  let moved: MovedRow[] = [];
  for (const { field, service } of kit.registry.referencesTo(spec.type))
    if (service && (viaField(service.spec) === field.name || (service.spec.inheritsClient && client_id)))
      moved = moved.concat(
        await service.moveWithParent(field.name, id as string, client_id as string | null, former),
      );
  return moved;
}

async function refuseWhileHeld(kit: ResourceKit, spec: ResourceSpec, row: Values): Promise<void> {
  for (const { table, field, service } of kit.registry.referencesTo(spec.type)) {
    if (!service || clientColumn(service.spec) !== 'client_id') continue;
    const client = (row.client_id as string | null) ?? '';
    // What asks for a client does not follow one: without it, it refuses as what belongs to another one.
    const whose = service.spec.asksForClient && client ? `COALESCE(client_id, '')` : 'client_id';
    const text = `SELECT id FROM ${table} WHERE ${field.name} = ? AND ${whose} <> ? LIMIT 1`;
    // Which rows these are is not said: the actor may not see them.
    if ((await kit.units.sql.select(text, [row.id as string, client])).length > 0)
      throw ValidationError.of('client_id', 'rows of the present client refer to this row', 'client');
  }
}

/**
 * `client: via('infrastructure_id')`: the row's client_id is its parent's. A parent that the row did not have before is
 * locked: when it moves at the same time, either it takes the row along or the row finds it where it is then. With
 * `inheritsClient`, where the parent is nobody's, a row keeps its client until its writer makes it refer to another's.
 */
export async function followClient(
  kit: ResourceKit,
  spec: ResourceSpec,
  row: object,
  before?: object,
): Promise<void> {
  const via = viaField(spec);
  if (via === undefined) return;
  const values = row as Values;
  const parent = allResources().find(one => one.type === spec.byName.get(via)?.reference?.target());
  const id = values[via];
  if (!parent || typeof id !== 'string') return;
  const service = kit.registry.of(parent.type);
  const stored = before as Values | undefined;
  const isNew = stored?.[via] !== id;
  const theirs = (service && (await knownReference(kit, service, id, isNew)))?.client_id ?? null;
  if (theirs || !spec.inheritsClient || !stored) values.client_id = theirs;
  else
    for (const field of referringFields(spec).filter(({ name }) => stored[name] !== values[name]))
      values.client_id = (await clientOfReference(kit, field, values[field.name], true)) ?? values.client_id;
}

/** Asks once for all that many new rows will refer to; what is not found then is asked for again. */
export async function askAhead(
  kit: ResourceKit,
  spec: ResourceSpec,
  bodies: readonly object[],
): Promise<void> {
  for (const field of spec.fields) {
    const service = field.reference && kit.registry.of(field.reference.target());
    if (!service) continue;
    const given = bodies.map(body => canonical(field, (body as Values)[field.name]));
    const ids = [...new Set(given)].filter(id => typeof id === 'string');
    if (ids.length < 2) continue;
    for (const found of await service.references(ids))
      await kit.units.remembered(service.spec.table, askedFor(found.id), () => Promise.resolve(found));
  }
}

/** Asked once for each row that many of a unit refer to. */
function knownReference(
  kit: ResourceKit,
  service: AnyResourceService,
  id: string,
  lock = false,
): Promise<Referred | undefined> {
  return kit.units.remembered(service.spec.table, askedFor(id, lock), () => service.reference(id, lock));
}

function askedFor(id: string, lock = false): string {
  const { kind, id: actor_id } = currentActor();
  return `${kind} ${actor_id} ${id} ${lock}`;
}
