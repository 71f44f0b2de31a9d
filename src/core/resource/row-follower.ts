import type { ResourceEntity, ResourceSpec } from './resource.js';

/** Keeps something beside rows that always fits them; whoever is among `followers` of the registry is told. */
export interface RowFollower {
  /**
   * A row was created, changed or deleted in the running unit.
   *
   * @param before the row as it was, where it was changed
   */
  follow(spec: ResourceSpec, row: ResourceEntity, isDeleted: boolean, before?: ResourceEntity): void;
}
