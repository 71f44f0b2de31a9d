import { LongText, Moment, Text, Uuid, Whole } from '../../table/field-decorators.js';
import { Stored } from '../../table/stored.js';

/** A process that has this keystore open: which master keys it holds is asked before anything is wrapped by another. */
@Stored({ table: 'processes' })
export class KeystoreProcess {
  @Uuid({ primary: true }) id!: string;
  @Text() host!: string;
  @Whole({ index: false }) pid!: number;
  /** Of the master keys at hand, separated by commas. */
  @LongText() kek_ids!: string;
  @Moment({ index: false }) started_at!: string;
  /** The master key that this process waits for all others to hold. */
  @Text({ max: 16, optional: true }) wanted_kek_id!: string | null;
  /** By the clock of the database, as `started_at`. */
  @Moment() seen_at!: string;
}
