import { LongText, Text, Uuid, Whole } from '../../core/table/field-decorators.js';
import { Stored } from '../../core/table/stored.js';

/**
 * An audit entry of an earlier system: history, which nobody here has seen happen. It stands beside the journal and is
 * no part of it; the journal has the digest of each part of it that was brought.
 */
@Stored({ table: 'earlier_entries', indexes: [['part_id', 'position'], ['credential_id']] })
export class EarlierEntry {
  /** What the entry is called at its source, as `ImportedRows` makes keys. */
  @Text({ max: 64, primary: true }) id!: string;
  /** Those that were brought together: the journal's `audit.history` names it. */
  @Uuid() part_id!: string;
  @Whole({ index: false }) position!: number;
  @Text({ max: 40 }) source!: string;
  /** The credential here that became of the one there. */
  @Uuid({ optional: true }) credential_id!: string | null;
  /** The row as JSON, column by column; secrets in it are masked. */
  @LongText() entry!: string;
}
