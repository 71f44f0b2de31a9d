import { currentActor } from '../../core/context/request-context.js';
import { flagFilter, type ListFilter } from '../../core/resource/lists/list-filter.js';
import { encodeMoment, now } from '../../core/database/values.js';

const TABLE = 'approval_requests';

/** What a person looks for: what waits for a decision of theirs, and what is not over. */
export const APPROVAL_FILTERS: ListFilter[] = [
  flagFilter('is_open', 'Waits for a decision, or can be used', () => ({
    sql: `${TABLE}.status IN ('pending', 'approved') AND ${TABLE}.expires_at > ?`,
    values: [encodeMoment(now())],
  })),
  flagFilter(
    'to_decide',
    'Waits for a decision, and is another one’s; with `true`, that you may give, as no hand is behind both accounts',
    () => ({
      sql: `${TABLE}.status = 'pending' AND ${TABLE}.expires_at > ? AND COALESCE(${TABLE}.requested_by, '') <> ?`,
      values: [encodeMoment(now()), currentActor().id],
    }),
  ),
];
