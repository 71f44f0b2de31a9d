import { LongText, Text } from '../../table/field-decorators.js';
import { Stored } from '../../table/stored.js';

/** A tile of the tree (C2SP tlog-tiles); the last of each level grows until it has 256 hashes. */
@Stored({ table: 'audit_tiles' })
export class AuditTile {
  /** `tile/0/x001/234` */
  @Text({ max: 64, primary: true }) path!: string;
  /** Base64 of its hashes. */
  @LongText() hashes!: string;
}
