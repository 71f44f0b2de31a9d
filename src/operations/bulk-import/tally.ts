import type { ImportJob, RowFault } from './import-job.entity.js';
import type { PartResult } from './import-parts.service.js';

/** Faults that are kept of a file; all are counted. */
const MOST_ERRORS = 100;

/** What stands in a job of how its rows fare. */
export type Tally = Pick<
  ImportJob,
  'rows_total' | 'rows_checked' | 'created' | 'updated' | 'skipped' | 'failed_rows' | 'error_count' | 'errors'
>;

export const NOTHING_WRITTEN = { created: 0, updated: 0, skipped: 0, rows_done: 0 };

export const newTally = (): Tally => ({
  ...{ created: 0, updated: 0, skipped: 0, rows_total: 0, rows_checked: 0, failed_rows: 0, error_count: 0 },
  errors: [] as RowFault[],
});

/** @param last the last row of the part */
export function add(tally: Tally, result: PartResult, last: number): void {
  for (const name of ['created', 'updated', 'skipped', 'failed_rows'] as const) tally[name] += result[name];
  tally.rows_checked = tally.rows_total = last;
  tally.error_count += result.faults.length;
  tally.errors = [...tally.errors, ...result.faults].slice(0, MOST_ERRORS);
}

export const refusedRows = ({ failed_rows: count }: Tally) =>
  `${count === 1 ? 'One row is' : `${count} rows are`} not valid, so that none was written`;
