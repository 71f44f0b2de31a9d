import type { OnDelete } from '../database/ddl.js';
import { reaches } from '../context/actor.js';
import { ConflictError } from '../context/errors.js';
import { currentActor } from '../context/request-context.js';
import type { SqlValue } from '../database/sql.js';
import { placeholders } from '../database/sql.js';
import { allOf, type Clause } from '../table/clause.js';
import type { FieldSpec } from '../table/field-spec.js';
import { several } from './describe/naming.js';
import type { ResourceKit } from './kit.js';
import type { AnyResourceService } from './resource-registry.js';
import { allResources, clientColumn, type ResourceSpec, viaField } from './resource.js';

/**
 * What becomes of a row when the one goes to which its `field` refers. That is what the field declares, but for the
 * client of a row: a row that lost it would be nobody's, and seen by those who were kept from it. So it refuses
 * (RESTRICT), unless it goes with what it takes its client from.
 */
export function fateOf(spec: ResourceSpec, field: FieldSpec): OnDelete | undefined {
  const declared = field.reference?.onDelete;
  if (declared !== 'SET NULL' || field.name !== clientColumn(spec)) return declared;
  const from = spec.byName.get(viaField(spec) ?? '');
  if (from?.reference?.onDelete !== 'CASCADE') return 'RESTRICT';
  const above = allResources().find(one => one.type === from.reference?.target());
  const client = above?.byName.get('client_id');
  return above && client ? fateOf(above, client) : 'RESTRICT';
}

/** Whether rows of a resource would stay and lose their client by themselves, and not with what they hang on. */
function isLeftBehind({ spec }: AnyResourceService, field: FieldSpec): boolean {
  const from = spec.byName.get(viaField(spec) ?? '');
  return (
    field.reference?.onDelete === 'SET NULL' &&
    fateOf(spec, field) === 'RESTRICT' &&
    from?.reference?.onDelete !== 'CASCADE'
  );
}

/**
 * Refuses (409) the deletion of clients while rows would be left behind that belong to nobody then. Two statements at
 * most; named are the resources of which the actor sees rows, and of all others no more than that there are some. The
 * rows that go are locked: whoever refers to one at the same time is seen here, or finds it gone.
 */
export async function refuseLeavingBehind(
  kit: ResourceKit,
  spec: ResourceSpec,
  ids: string[],
): Promise<void> {
  const places = kit.registry
    .referencesTo(spec.type)
    .flatMap(({ field, service }) => (service && isLeftBehind(service, field) ? [{ field, service }] : []));
  const asks = places.map(({ field, service }) => ({
    service,
    of: { sql: `${service.spec.table}.${field.name} IN (${placeholders(ids.length)})`, values: ids },
  }));
  const left = await whichHave(kit, asks);
  if (left.length === 0) return;
  const actor = currentActor();
  const seen = await whichHave(
    kit,
    left.filter(({ service }) => reaches(actor, service.spec.path)),
    ({ service }) => service.visible(),
  );
  const names = seen.map(({ service }) => several(service.spec)).sort();
  if (seen.length < left.length) names.push('rows that you do not see');
  throw new ConflictError(
    `${spec.label} still has ${listed(names)}, which would belong to nobody: archive it (archived_at), or move or delete them first`,
    {
      resource_type: spec.label,
      resource_id: ids.length === 1 ? ids[0] : null,
      left_behind: seen.map(({ service }) => service.spec.path).sort(),
    },
  );
}

interface Ask {
  service: AnyResourceService;
  of: Clause;
}

/** Those of which there is a row, in one statement. */
async function whichHave(
  kit: ResourceKit,
  asks: Ask[],
  more: (ask: Ask) => Clause[] = () => [],
): Promise<Ask[]> {
  if (asks.length === 0) return [];
  const clauses = asks.map(ask => allOf([ask.of, ...more(ask)]));
  const columns = asks.map(
    ({ service }, n) =>
      `EXISTS (SELECT 1 FROM ${service.spec.table} WHERE ${clauses[n]?.sql ?? ''}) AS has_${n}`,
  );
  const values: SqlValue[] = clauses.flatMap(one => one.values);
  const [found] = await kit.units.sql.select(`SELECT ${columns.join(', ')}`, values);
  return asks.filter((_, n) => Number(found?.[`has_${n}`]) === 1);
}

function listed(names: string[]): string {
  const last = names.at(-1) ?? '';
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : last;
}
