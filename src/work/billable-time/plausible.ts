import { ValidationError } from '../../core/context/errors.js';
import { DAY_MS } from '../../core/database/values.js';

/** The minutes of a day, which are the most of an entry that has no start and end. */
export const MINUTES_OF_DAY = 1_440;
/** So many days ahead somebody may write down. */
const MOST_DAYS_AHEAD = 366;

/** 422 for a day that is too far ahead, wherever it is today; `field` is the one that gave it. */
export function requireNear(work_date: string, field: string): void {
  const last = new Date(Date.now() + (MOST_DAYS_AHEAD + 1) * DAY_MS).toISOString().slice(0, 10);
  if (work_date >= last)
    throw ValidationError.of(field, `must be at most ${MOST_DAYS_AHEAD} days ahead`, 'max');
}
