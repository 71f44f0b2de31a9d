import { setTimeout as sleep } from 'node:timers/promises';
import { duplicateOf, isRetryable } from '../../database/database-errors.js';
import type { Database } from '../../database/database.js';
import type { SqlValue, Transaction } from '../../database/sql.js';

const ATTEMPTS = 6;

/** Commits what `work` does, as a whole; a deadlock or a lock wait runs it anew. */
export async function transact<T>(
  database: Database,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const transaction = await database.connections.begin();
    let ended = false;
    try {
      const result = await work(transaction);
      ended = true;
      await transaction.commit();
      return result;
    } catch (error) {
      if (!ended) await transaction.rollback();
      if (attempt >= ATTEMPTS || !isRetryable(error)) throw error;
      await sleep(Math.random() * 15 * 2 ** attempt);
    }
  }
}

type Statement = [text: string, values: readonly SqlValue[]];

/**
 * Inserts and commits a row of its own, and what follows from it; false when another row is there already (uniqueness),
 * or when the statement selects none to insert.
 */
export async function insertOnce(
  database: Database,
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
