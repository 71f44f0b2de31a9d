import { Choice, field, Flag, Moment, Text, Uuid, Whole } from '../../core/table/field-decorators.js';
import { declareFullText } from '../../core/table/full-text.js';
import { Stored } from '../../core/table/stored.js';
import { SPEECH, type Speech } from '../text/speech.js';

declareFullText({ table: 'recall_index', key: 'n', columns: ['terms'] });

/**
 * What recall knows of a row of the memory beside its terms, which the full-text table `recall_index` has under the same
 * `n`. No foreign keys: it follows the row, in the same unit.
 */
@Stored({
  table: 'recall_entries',
  indexes: [['session_key', 'sequence'], ['supersedes'], ['project_id', 'n'], ['client_id', 'n']],
})
export class RecallEntry {
  @field({ kind: 'big' }, [], { type: 'integer' }, { primary: true, generated: true }) n!: number;
  @Uuid({ unique: true }) row_id!: string;
  /** The name of its resource. */
  @Text({ max: 60 }) kind!: string;
  @Uuid({ optional: true }) client_id!: string | null;
  @Uuid({ optional: true }) project_id!: string | null;
  /** Who sees it where it has no client. */
  @Uuid({ optional: true }) user_id!: string | null;
  /** When it was said, decided, written. */
  @Moment({ index: false }) at!: string;
  /** Rows that follow each other: the conversation, and the place in it. */
  @Text({ optional: true }) session_key!: string | null;
  @Whole({ optional: true, index: false }) sequence!: number | null;
  /** How many terms it has. */
  @Whole({ index: false }) length!: number;
  /** 1 to 10. */
  @Whole({ index: false }) importance!: number;
  /** Not known of entries from before this was kept. */
  @Choice(SPEECH, { optional: true, index: false }) speech!: Speech | null;
  /** Since when it is there, where that is not when it was last seen: `as_of` asks. */
  @Moment({ index: false, optional: true }) since!: string | null;
  /** Whether another row has taken its place, and when; not known of what was so before this was kept. */
  @Flag({ index: false }) superseded!: boolean;
  @Moment({ index: false, optional: true }) superseded_at!: string | null;
  /** The row whose place it has taken, and the one that has taken its own, where it names them. */
  @Uuid({ optional: true }) supersedes!: string | null;
  @Uuid({ optional: true }) superseded_by!: string | null;
  @Moment({ index: false, optional: true }) expires_at!: string | null;
}
