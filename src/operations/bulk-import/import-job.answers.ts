import { ApiProperty } from '@nestjs/swagger';
import { PageFrame } from '../../core/resource/describe/answers.js';
import { FORMATS, type ImportJob, ON_CONFLICT, STATES } from './import-job.entity.js';

const count = (description: string) => ApiProperty({ type: 'integer', description });
const moment = (description: string) =>
  ApiProperty({ type: 'string', format: 'date-time', nullable: true, description });

class RowFaultAnswer {
  @ApiProperty({ type: 'integer', example: 17, description: 'From 1, without the line of names' })
  row!: number;
  @ApiProperty({
    type: 'integer',
    example: 18,
    description: 'Of the file; the last, where a row has several',
  })
  line!: number;
  @ApiProperty({ example: 'email', description: '`row` for what is no matter of one field' }) field!: string;
  @ApiProperty({ example: 'must be an email' }) message!: string;
  @ApiProperty({ example: 'isEmail' }) rule!: string;
}

/** A file that is brought in. */
export class ImportJobAnswer {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    nullable: true,
    description: 'Whose; null for the command line',
  })
  user_id!: string | null;
  @ApiProperty({ example: 'sites' }) resource!: string;
  @ApiProperty({ enum: FORMATS }) format!: string;
  @ApiProperty({ enum: ON_CONFLICT }) on_conflict!: string;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description:
      'The fields by which its rows are found: as it was asked, or the first key of the resource; null for ids alone',
  })
  match_key!: string | null;
  @ApiProperty() dry_run!: boolean;
  @ApiProperty({
    enum: STATES,
    description:
      'checking: every row is tried, and none written; writing: they are written, part by part. done, failed and ' +
      'cancelled are ends',
  })
  state!: string;
  @count('Of the file') bytes!: number;
  @count('Rows that were found; final once all are checked') rows_total!: number;
  @count('Rows that were tried; none of them is written by that') rows_checked!: number;
  @count('Rows of the file that are written, or stay as they are: those behind it') rows_done!: number;
  @count('Rows that are made, while it writes; by a dry run, those that would be') created!: number;
  @count('Rows that were there and were given what the file has') updated!: number;
  @count('Rows that were there and stay as they are') skipped!: number;
  @count('Rows that are not valid') failed_rows!: number;
  @count('Faults of all of these') error_count!: number;
  @ApiProperty({ type: [RowFaultAnswer], description: 'The first 100 of them' }) errors!: RowFaultAnswer[];
  @ApiProperty({ type: 'string', nullable: true, description: 'Why it failed' }) failure!: string | null;
  @ApiProperty({
    type: [String],
    description: 'Columns that the server sets: new rows are made without them',
  })
  ignored_columns!: string[];
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @moment('When it ended') finished_at!: string | null;
}

export class ImportJobPage extends PageFrame {
  @ApiProperty({ type: [ImportJobAnswer] }) items!: ImportJobAnswer[];
}

/** Without what processes keep for themselves. */
export function shown(job: ImportJob): ImportJobAnswer {
  const {
    n: _n,
    token_id: _token,
    pieces: _pieces,
    holder: _holder,
    held_until: _until,
    fence: _fence,
    attempts: _attempts,
    ...rest
  } = job;
  return rest;
}
