import { field } from './field.js';
import { Big } from './field-decorators.js';
import { Stored } from './stored.js';

/** What is locked on a node of Galera, as the other nodes learn of it (`core/database/galera-transaction.ts`). */
@Stored({ table: 'cluster_locks' })
export class ClusterLock {
  @field({ kind: 'whole' }, [], { type: 'integer' }, { primary: true }) slot!: number;
  @Big({ index: false }) taken!: number;
}
