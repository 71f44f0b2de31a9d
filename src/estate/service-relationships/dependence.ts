import type { Graph } from '../../core/resource/structure/graph.js';

export const RELATIONSHIP_TYPES = [
  'depends_on',
  'hosted_on',
  'proxied_by',
  'authenticates_via',
  'backend_for',
  'monitors',
] as const;
export type RelationshipType = (typeof RELATIONSHIP_TYPES)[number];

/** The second needs the first; with the others it is the first that needs the second. */
const BACKWARD: RelationshipType = 'backend_for';
/** Whoever monitors runs on without what it watches. */
const NO_DEPENDENCE: RelationshipType = 'monitors';

/**
 * Relationships among which a circle makes no sense. What needs another one to run cannot be needed by it in turn; but
 * a login page stands behind the proxy that asks it who may pass.
 */
const WITHOUT_CIRCLES: RelationshipType[][] = [
  ['depends_on', 'hosted_on', 'backend_for'],
  ['proxied_by'],
  ['authenticates_via'],
];

/** Edges from what depends to what it depends on. */
function dependence(types: readonly RelationshipType[]): Graph[] {
  const table = 'service_relationships';
  const listed = types.filter(one => one !== BACKWARD).map(one => `'${one}'`);
  const forward = {
    table,
    from: 'from_service_id',
    to: 'to_service_id',
    only: `edge.relationship_type IN (${listed.join(', ')})`,
  };
  const backward = {
    table,
    from: 'to_service_id',
    to: 'from_service_id',
    only: `edge.relationship_type = '${BACKWARD}'`,
  };
  return types.includes(BACKWARD) ? [forward, backward] : [forward];
}

/** What fails with what, of all types. */
export const DEPENDENCE = dependence(RELATIONSHIP_TYPES.filter(one => one !== NO_DEPENDENCE));

/** Among which relationships one of this type may close no circle; undefined where it may. */
export function withoutCircles(type: RelationshipType): Graph[] | undefined {
  const types = WITHOUT_CIRCLES.find(group => group.includes(type));
  return types && dependence(types);
}

/** The ends of a relationship, from what depends to what it depends on. */
export function endsOf<
  T extends { from_service_id: string; to_service_id: string; relationship_type: string },
>({ from_service_id: from, to_service_id: to, relationship_type }: T): { from: string; to: string } {
  return relationship_type === BACKWARD ? { from: to, to: from } : { from, to };
}
