import { Big, Text } from '../../table/field-decorators.js';
import { Stored } from '../../table/stored.js';

/** The one row of this table; its lock is what sequencers compete for. */
export const TRAIL = 'trail';

/** How many entries are sequenced, and the root of the tree over them. */
@Stored({ table: 'audit_head' })
export class AuditHead {
  @Text({ max: 16, primary: true }) name!: string;
  @Big({ index: false }) size!: number;
  /** Base64 of 32 bytes. */
  @Text({ max: 44 }) root!: string;
}
