import { field, Text, Uuid, Whole } from '../../core/table/field-decorators.js';
import { Stored } from '../../core/table/stored.js';
import { MOST_OF_TERM } from './terms.js';

/** That a row of a resource has a term. No foreign key: it follows the row, in the same unit. */
@Stored({ table: 'search_terms', indexes: [['row_id', 'term', 'weight']] })
export class SearchTerm {
  /** The name of the resource. */
  @Text({ max: 60, primary: true }) resource!: string;
  @field({ kind: 'text', length: MOST_OF_TERM }, [], { type: 'string' }, { primary: true }) term!: string;
  @Uuid({ primary: true }) row_id!: string;
  /** Of the weightiest field that has it: see `WEIGHTS`. */
  @Whole({ index: false }) weight!: number;
}
