import { Moment, Text, Uuid } from '../../core/table/field-decorators.js';
import { Stored } from '../../core/table/stored.js';

/**
 * What a row was in the program that it came from. Written in the unit that makes the row, so that an import that was
 * cut off goes on where it stopped. The row is named without a foreign key: it may be of any resource.
 */
@Stored({ table: 'imported_rows' })
export class ImportedRow {
  /** SHA-256 of the source and of what names the row there, in hex; no secret is part of it. */
  @Text({ max: 64, primary: true }) source_key!: string;
  @Text({ max: 40 }) source!: string;
  /** The name of the row's resource. */
  @Text({ max: 60 }) resource!: string;
  @Uuid() row_id!: string;
  @Moment({ index: false }) created_at!: string;
}
