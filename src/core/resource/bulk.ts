import type { Units } from '../database/units.js';
import { isRetryable } from '../database/database-errors.js';
import { OpskeepError, StaleRowError, ValidationError } from '../context/errors.js';
import { validateBody } from '../http/body.pipe.js';
import type { Type } from '../table/field-spec.js';

/** What became of one item of a bulk request. */
export interface BulkResult {
  index: number;
  status: number;
  id?: string;
  error?: { error: string; code: string; details: object };
}

/**
 * Each item in a savepoint of its own, so that a bad one leaves the others alone; or, when atomic, all or
 * nothing: the first fault ends the request and names its item. `refused` learns of the faults that do not.
 */
export function runBulk(
  units: Units,
  items: unknown[],
  atomic: boolean,
  type: Type,
  create: (body: object) => Promise<{ id: string }>,
  refused: (error: OpskeepError) => Promise<void>,
): Promise<BulkResult[]> {
  return units.run(async () => {
    const results: BulkResult[] = [];
    for (const [index, item] of items.entries()) {
      try {
        const { id } = await units.attempt(async () => create(await validateBody(type, item)));
        results.push({ index, status: 201, id });
      } catch (error) {
        if (!(error instanceof OpskeepError) || error instanceof StaleRowError || error.status >= 500)
          throw error;
        if (isRetryable(error)) throw error;
        if (atomic) throw atItem(error, index);
        await refused(error);
        results.push({
          index,
          status: error.status,
          error: { error: error.message, code: error.code, details: error.details },
        });
      }
    }
    return results;
  });
}

function atItem(error: OpskeepError, index: number): OpskeepError {
  if (error instanceof ValidationError) {
    const faults = (error.details.errors ?? []).map(one => ({
      ...one,
      field: `items.${index}.${one.field}`,
    }));
    return new ValidationError(faults, `Item ${index}: ${error.message}`, { index });
  }
  error.details.index = index;
  return error;
}
