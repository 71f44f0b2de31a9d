import { User } from '../../core/access/user.entity.js';
import type { FieldFault } from '../../core/context/errors.js';
import {
  BelongsTo,
  Big,
  Choice,
  field,
  Flag,
  ListOf,
  MapOf,
  Moment,
  Text,
  Uuid,
  Whole,
} from '../../core/table/field-decorators.js';
import { Stored } from '../../core/table/stored.js';

export const FORMATS = ['csv', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];
export const ON_CONFLICT = ['error', 'skip', 'update'] as const;
export type OnConflict = (typeof ON_CONFLICT)[number];
/**
 * `receiving` while the file comes in; `waiting` until a process takes it; `checking` tries every row and writes none;
 * `writing` writes them. `done`, `failed` and `cancelled` are the ends.
 */
export const STATES = ['receiving', 'waiting', 'checking', 'writing', 'done', 'failed', 'cancelled'] as const;
export type State = (typeof STATES)[number];
export const OPEN: readonly State[] = ['waiting', 'checking', 'writing'];

/** What is wrong with a row; never what it holds. */
export interface RowFault extends FieldFault {
  /** From 1, without the line of names. */
  row: number;
  /** Of the file; where a row has several lines, the last. */
  line: number;
}

const Numbered = () => field({ kind: 'big' }, [], { type: 'integer' }, { primary: true, generated: true });

/** A file of rows that is brought in. */
@Stored({ table: 'import_jobs', indexes: [['created_at', 'n']] })
export class ImportJob {
  @Numbered() n!: number;
  @Uuid({ unique: true }) id!: string;
  /** Null for the command line. */
  @BelongsTo(() => User, { onDelete: 'CASCADE', optional: true }) user_id!: string | null;
  @Uuid({ optional: true }) token_id!: string | null;
  @Text({ max: 100 }) resource!: string;
  @Choice(FORMATS, { index: false, required: true }) format!: Format;
  @Choice(ON_CONFLICT, { index: false }) on_conflict!: OnConflict;
  /** Names of fields with commas between. */
  @Text({ optional: true }) match_key!: string | null;
  @Flag({ index: false }) dry_run!: boolean;
  @Choice(STATES) state!: State;
  @Big({ index: false }) bytes!: number;
  @Whole({ index: false }) pieces!: number;
  @Whole({ index: false }) rows_total!: number;
  @Whole({ index: false }) rows_checked!: number;
  @Whole({ index: false }) rows_done!: number;
  @Whole({ index: false }) created!: number;
  @Whole({ index: false }) updated!: number;
  @Whole({ index: false }) skipped!: number;
  @Whole({ index: false }) failed_rows!: number;
  @Whole({ index: false }) error_count!: number;
  @MapOf('any') errors!: RowFault[];
  @Text({ optional: true, max: 500 }) failure!: string | null;
  @ListOf('text') ignored_columns!: string[];
  @Moment({ index: false }) created_at!: string;
  @Moment({ optional: true }) finished_at!: string | null;
  @Uuid({ optional: true }) holder!: string | null;
  @Moment({ optional: true, index: false }) held_until!: string | null;
  @Big({ index: false }) fence!: number;
  /** In vain, since rows were last written: what it needs was away. */
  @Whole({ optional: true, index: false }) attempts!: number | null;
}
