import { Moment, Text, Uuid, Whole } from '../../table/field-decorators.js';
import { Stored } from '../../table/stored.js';

/** How much one process has counted under a name until its window ends. */
@Stored({ table: 'shared_counts' })
export class SharedCount {
  /** `login:192.0.2.1` */
  @Text({ max: 80, primary: true }) name!: string;
  /** Each process writes rows of its own alone, so that no two of them, on no two nodes, wait for each other. */
  @Uuid({ primary: true }) process_id!: string;
  @Whole({ index: false }) points!: number;
  @Moment() ends_at!: string;
}
