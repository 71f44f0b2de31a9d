import { refusingAs } from '../../audit/refusals.js';
import { AuthenticationError, OpskeepError, StaleRowError, ValidationError } from '../../context/errors.js';
import { isRetryable } from '../../database/database-errors.js';

/** The fault of one item; thrown when it ends the request, as that whoever asks is logged in no longer always does. */
export function faultOf(error: unknown, atomic: boolean, index: number): OpskeepError {
  if (!(error instanceof OpskeepError) || error instanceof StaleRowError || error.status >= 500) throw error;
  if (error instanceof AuthenticationError || isRetryable(error)) throw error;
  if (atomic) throw atItem(error, index);
  return error;
}

function atItem(error: OpskeepError, index: number): OpskeepError {
  if (error instanceof ValidationError) {
    const faults = (error.details.errors ?? []).map(one => ({
      ...one,
      field: `items.${index}.${one.field}`,
    }));
    return refusingAs(new ValidationError(faults, `Item ${index}: ${error.message}`, { index }), error);
  }
  error.details.index = index;
  return error;
}
