import type { ResourceEntity, ResourceSpec } from './resource.js';

/** Keeps something beside rows that always fits them; the room of the recall implements it. */
export abstract class RowFollower {
  /** A row was created, changed or deleted in the running unit. */
  abstract follow(spec: ResourceSpec, row: ResourceEntity, isDeleted: boolean): void;
}
