import { Text, Uuid } from '../../core/table/field-decorators.js';
import { Stored } from '../../core/table/stored.js';

/** A table whose rows are still to be given their terms: those that were there before the index. Empty when all have them. */
@Stored({ table: 'search_fills' })
export class SearchFill {
  @Text({ max: 60, primary: true }) table_name!: string;
  /** The last row that has its terms. */
  @Uuid({ optional: true, index: false }) after_id!: string | null;
}
