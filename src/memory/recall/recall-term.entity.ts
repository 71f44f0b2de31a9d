import { field, Whole } from '../../core/table/field-decorators.js';
import { Stored } from '../../core/table/stored.js';

/** The term under which the number of all entries of a holder stands; no text has it. */
export const TOTAL = '';

/** How many entries of one holder have a term, as `TermStatistics` counted them last. */
@Stored({ table: 'recall_terms' })
export class RecallTerm {
  @field({ kind: 'text', length: 64 }, [], { type: 'string' }, { primary: true }) term!: string;
  /** The id of the client of the entries, else of their user; empty for entries of neither. */
  @field({ kind: 'text', length: 36 }, [], { type: 'string' }, { primary: true }) holder!: string;
  @Whole({ index: false }) documents!: number;
}
