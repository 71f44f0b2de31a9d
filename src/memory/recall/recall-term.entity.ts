import { field, Whole } from '../../core/table/field-decorators.js';
import { Stored } from '../../core/table/stored.js';

/** The term under which the number of all entries stands; no text has it. */
export const TOTAL = '';

/** How many entries have a term, as `TermStatistics` counted them last. */
@Stored({ table: 'recall_terms' })
export class RecallTerm {
  @field({ kind: 'text', length: 64 }, [], { type: 'string' }, { primary: true }) term!: string;
  @Whole({ index: false }) documents!: number;
}
