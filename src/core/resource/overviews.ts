import { reaches } from '../context/actor.js';
import { currentActor } from '../context/request-context.js';
import type { Type } from '../table/field-spec.js';
import type { ResourceKit } from './kit.js';
import type { Newest } from './resource-registry.js';
import { type OverviewPart, ROUTES } from './resource.js';

/** So many of the newest rows of each resource. */
const NEWEST = 5;

/** The rows of one resource that belong to one row of another. */
export interface ResourceOverview extends Newest {
  /** The path of the resource. */
  resource: string;
  /** The field that names the row. */
  field: string;
  part: OverviewPart;
}

/**
 * What belongs to a row, of every resource that has a field for it and a list, and
 * that the actor's token is for, by path: how many rows the actor sees,
 * and the newest of them. Two statements for each resource, however many rows there are, read where nobody waits.
 */
export async function overviewOf(kit: ResourceKit, type: Type, id: string): Promise<ResourceOverview[]> {
  const parts: ResourceOverview[] = [];
  for (const { field, service } of kit.registry.referencesTo(type)) {
    if (!service || !(service.spec.routes ?? ROUTES).includes('list')) continue;
    const { path, overview = 'more' } = service.spec;
    if (!reaches(currentActor(), path)) continue;
    const newest = await service.newest(field.name, id, NEWEST);
    parts.push({ resource: path, field: field.name, part: overview, ...newest });
  }
  const key = ({ resource, field }: ResourceOverview) => `${resource} ${field}`;
  return parts.sort((one, other) => (key(one) < key(other) ? -1 : 1));
}
