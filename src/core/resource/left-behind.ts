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

/**
 * The rows of a resource that would stay and lose their client by themselves, and not with what they hang on, as a
 * condition on the table; undefined where there are none.
 */
function leftBehind({ spec }: AnyResourceService, field: FieldSpec): Clause | undefined {
  if (field.reference?.onDelete !== 'SET NULL' || fateOf(spec, field) !== 'RESTRICT') return undefined;
  const from = spec.byName.get(viaField(spec) ?? '');
  if (from?.reference?.onDelete !== 'CASCADE') return { sql: '1 = 1', values: [] };
  const above = allResources().find(one => one.type === from.reference?.target());
  if (!above || !spec.inheritsClient) return undefined;
  const nobodys = `SELECT above.id FROM ${above.table} above WHERE above.client_id IS NULL`;
  return { sql: `${spec.table}.${from.name} IN (${nobodys})`, values: [] };
}

/**
 * Refuses (409) the deletion of rows that others refer to (RESTRICT), and that of clients while rows would be left behind
 * that belong to nobody then: all that is in the way at once, so that nobody deletes one thing for nothing. Two
 * statements at most; named are the resources of which the actor sees rows, and of all others no more than that there
 * are some. The rows that go are locked: whoever refers to one at the same time is seen here, or finds it gone.
 */
export async function refuseWhileNeeded(kit: ResourceKit, spec: ResourceSpec, ids: string[]): Promise<void> {
  const asks = kit.registry.referencesTo(spec.type).flatMap(({ field, service }): Ask[] => {
    if (!service) return [];
    const of = { sql: `${service.spec.table}.${field.name} IN (${placeholders(ids.length)})`, values: ids };
    const left = leftBehind(service, field);
    if (left) return [{ service, of: allOf([of, left]), kind: 'left' }];
    if (field.reference?.onDelete !== 'RESTRICT') return [];
    const { lasting } = service.spec;
    const forGood = lasting && allOf([of, { sql: lasting.sql, values: [] }]);
    const held: Ask = { service, of, kind: 'held' };
    return forGood ? [held, { service, of: forGood, kind: 'lasting' }] : [held];
  });
  const found = await whichHave(kit, asks);
  if (found.length === 0) return;
  const actor = currentActor();
  const seen = await whichHave(
    kit,
    found.filter(({ service }) => reaches(actor, service.spec.path)),
    ({ service }) => service.visible(),
  );
  const pathsOf = (kind: Ask['kind']) => seen.filter(one => one.kind === kind).map(({ service }) => service.spec.path).sort(); // prettier-ignore
  throw new ConflictError(sentenceOf(spec, seen, found), {
    resource_type: spec.label,
    resource_id: ids.length === 1 ? ids[0] : null,
    referenced_by: pathsOf('held'),
    left_behind: pathsOf('left'),
  });
}

/** What is in the way, and what is better than to delete all of it. */
function sentenceOf(spec: ResourceSpec, seen: Ask[], found: Ask[]): string {
  const names = (kind: Ask['kind']) => seen.filter(one => one.kind === kind).map(({ service }) => several(service.spec)).sort(); // prettier-ignore
  const [held, left] = [names('held'), names('left')];
  if (seen.length < found.length) (left.length > 0 ? left : held).push('rows that you do not see');
  const reasons = [
    held.length > 0 && `is still referenced by ${listed(held)}`,
    left.length > 0 && `still has ${listed(left)}, which would belong to nobody`,
  ].filter(one => one !== false);
  const lasting = seen.flatMap(one => (one.kind === 'lasting' ? (one.service.spec.lasting?.says ?? []) : []));
  const ways = [
    spec.archivable && 'archive it (archived_at)',
    lasting.length > 0 ? lasting.join(', ') : 'move or delete them first',
  ].filter(one => one !== false);
  return `${spec.label} ${reasons.join(', and ')}: ${ways.join(lasting.length > 0 ? '; ' : ', or ')}`;
}

interface Ask {
  service: AnyResourceService;
  of: Clause;
  /** It refers to a row that goes, would be nobody's, or can never be deleted. */
  kind: 'held' | 'left' | 'lasting';
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
