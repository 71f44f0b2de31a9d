import { field, LongText, Moment } from '../../table/field-decorators.js';
import { Stored } from '../../table/stored.js';

/**
 * A signed head of the tree (C2SP tlog-checkpoint). Of those within one tile of entries the last alone is kept: every
 * other is proved by the tree.
 */
@Stored({ table: 'audit_checkpoints' })
export class AuditCheckpoint {
  @field({ kind: 'big' }, [], { type: 'integer' }, { primary: true }) size!: number;
  @Moment({ index: false }) at!: string;
  @LongText() note!: string;
}
