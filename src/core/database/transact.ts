import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './database.js';
import { duplicateOf, isRetryable } from './database-errors.js';
import type { SqlValue, Transaction } from './sql.js';

const ATTEMPTS = 6;

/** Waits before the next attempt: up to 30 ms, and twice as long each time, so that two who collide do not do so again. */
export function backOff(attempt: number): Promise<void> {
  return sleep(Math.random() * 15 * 2 ** attempt);
}

/** Runs `work`, a transaction of its own, anew where a deadlock or a lock wait has undone it. */
async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await work();
    } catch (error) {
      if (attempt >= ATTEMPTS || !isRetryable(error)) throw error;
      await backOff(attempt);
    }
}

/** Commits one statement, outside of any unit; resolves with the number of rows that it matched. */
export function changeOne(
  { connections }: Pick<Database, 'connections'>,
  text: string,
  values: readonly SqlValue[],
): Promise<number> {
  return retried(() => connections.commitOne(text, values));
}

/** Commits what `work` does, as a whole, outside of any unit; a deadlock or a lock wait runs it anew. */
export function transact<T>(
  { connections }: Pick<Database, 'connections'>,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  return retried(async () => {
    const transaction = await connections.begin();
    let ended = false;
    try {
      const result = await work(transaction);
      ended = true;
      await transaction.commit();
      return result;
    } catch (error) {
      if (!ended) await transaction.rollback();
      throw error;
    }
  });
}

type Statement = [text: string, values: readonly SqlValue[]];

/**
 * Inserts and commits a row of its own, and what follows from it; false when another row is there already (uniqueness),
 * or when the statement selects none to insert.
 */
export async function insertOnce(
  database: Pick<Database, 'connections'>,
  text: string,
  values: readonly SqlValue[],
  following?: Statement,
): Promise<boolean> {
  try {
    return await transact(database, async one => {
      const inserted = (await one.change(text, values)) > 0;
      if (inserted && following) await one.change(...following);
      return inserted;
    });
  } catch (error) {
    if (duplicateOf(error)) return false;
    throw error;
  }
}
