import { Moment, Uuid, Whole } from '../../core/table/field-decorators.js';
import { Stored } from '../../core/table/stored.js';

/** How often a row of the memory was read, apart from the row: counting is no change of it. */
@Stored({ table: 'memory_usage' })
export class MemoryUsage {
  /** That of the row, whatever its table. */
  @Uuid({ primary: true }) id!: string;
  @Whole({ index: false }) usage_count!: number;
  @Moment({ index: false }) last_used_at!: string;
}
