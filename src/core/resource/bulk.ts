import { refusingAs } from '../audit/refusals.js';
import type { Units } from '../database/units.js';
import { isRetryable } from '../database/database-errors.js';
import { OpskeepError, StaleRowError, ValidationError } from '../context/errors.js';
import { nextTurn, turnIsOver } from '../workers/turns.js';

/** What became of one item of a bulk request. */
export interface BulkResult {
  index: number;
  status: number;
  id?: string;
  error?: { error: string; code: string; details: object };
}

/** How a resource takes one item: what is done before the transaction, and in it. */
export interface BulkSteps {
  /** Checks and completes a body; it begins no transaction. */
  prepare: (item: unknown) => Promise<object>;
  create: (body: object) => Promise<{ id: string }>;
  /** Learns of the faults that do not end the request. */
  refused: (error: OpskeepError) => Promise<void>;
}

/**
 * Each item in a savepoint of its own, so that a bad one leaves the others alone; or, when atomic, all or
 * nothing: the first fault ends the request and names its item. All are prepared before the first is stored, so that
 * nobody else waits for hashes and scores behind a transaction.
 */
export function runBulk(
  units: Units,
  items: unknown[],
  atomic: boolean,
  { prepare, create, refused }: BulkSteps,
): Promise<BulkResult[]> {
  return units.run(async () => {
    const bodies: (object | OpskeepError)[] = [];
    for (const [index, item] of items.entries()) {
      if (turnIsOver()) await nextTurn();
      bodies.push(await prepare(item).catch((error: unknown) => faultOf(error, atomic, index)));
    }
    const results: BulkResult[] = [];
    for (const [index, body] of bodies.entries()) {
      const outcome =
        body instanceof OpskeepError
          ? body
          : await units.attempt(() => create(body)).catch((error: unknown) => faultOf(error, atomic, index));
      if (!(outcome instanceof OpskeepError)) {
        results.push({ index, status: 201, id: outcome.id });
        continue;
      }
      await refused(outcome);
      const { status, message, code, details } = outcome;
      results.push({ index, status, error: { error: message, code, details } });
    }
    return results;
  });
}

/** The fault of one item; thrown when it ends the request. */
function faultOf(error: unknown, atomic: boolean, index: number): OpskeepError {
  if (!(error instanceof OpskeepError) || error instanceof StaleRowError || error.status >= 500) throw error;
  if (isRetryable(error)) throw error;
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
