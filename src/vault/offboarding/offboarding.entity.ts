import { BelongsTo, LongText, Moment, Text, Uuid, Whole } from '../../core/table/field-decorators.js';
import { Stored } from '../../core/table/stored.js';
import { Client } from '../../directory/clients/client.entity.js';

/** The off-boarding of a client, and how far it has come. Its counts are of what was done, in whichever call. */
@Stored({ table: 'offboardings', unique: [['client_id']] })
export class Offboarding {
  @Uuid({ primary: true }) id!: string;
  @BelongsTo(() => Client, { onDelete: 'CASCADE', index: false }) client_id!: string;
  @Uuid({ optional: true }) begun_by!: string | null;
  @Moment({ index: false }) begun_at!: string;
  @LongText() reason!: string;
  /** Of the export that was made before; null where none was wanted. */
  @Text({ max: 64, optional: true }) export_sha256!: string | null;
  @Moment({ optional: true, index: false }) finished_at!: string | null;
  @Whole({ index: false }) keys_destroyed!: number;
  @Whole({ index: false }) credentials!: number;
  @Whole({ index: false }) secrets!: number;
  @Whole({ index: false }) approvals!: number;
}
