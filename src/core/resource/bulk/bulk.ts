import { OpskeepError } from '../../context/errors.js';
import type { Units } from '../../database/units.js';
import { nextTurn, turnIsOver } from '../../workers/turns.js';
import { faultOf } from './bulk-fault.js';
import { BulkItems, type BulkSteps } from './bulk-items.js';

/** What became of one item of a bulk request. */
export interface BulkResult {
  index: number;
  status: number;
  id?: string;
  error?: { error: string; code: string; details: object };
}

/**
 * Each item by itself, so that a bad one leaves the others alone; or, when atomic, all or nothing: the first fault ends
 * the request and names its item. All are prepared before the first is stored, so that nobody else waits for hashes and
 * scores behind a transaction.
 */
export function runBulk<R extends { id: string }>(
  units: Units,
  items: unknown[],
  atomic: boolean,
  steps: BulkSteps<R>,
): Promise<BulkResult[]> {
  return units.run(async () => {
    const bodies: (object | OpskeepError)[] = [];
    for (const [index, item] of items.entries()) {
      if (turnIsOver()) await nextTurn();
      bodies.push(await steps.prepare(item).catch((error: unknown) => faultOf(error, atomic, index)));
    }
    await units.admitted();
    await steps.askAhead(bodies.filter(body => !(body instanceof OpskeepError)));
    const outcomes = await new BulkItems(units, atomic, steps).store(bodies);
    const results: BulkResult[] = [];
    for (const [index, outcome] of outcomes.entries()) {
      if (typeof outcome === 'string') {
        results.push({ index, status: 201, id: outcome });
        continue;
      }
      await steps.refused(outcome);
      results.push(faultResult(index, outcome));
    }
    return results;
  });
}

/** What is said of an item that has failed. */
export function faultResult(index: number, { status, message, code, details }: OpskeepError): BulkResult {
  return { index, status, error: { error: message, code, details } };
}
