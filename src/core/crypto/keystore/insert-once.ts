import { setTimeout as sleep } from 'node:timers/promises';
import { duplicateOf, isRetryable } from '../../database/database-errors.js';
import type { Database } from '../../database/database.js';
import type { SqlValue } from '../../database/sql.js';

const ATTEMPTS = 6;

/** Inserts and commits a row of its own; false when another row is there already (uniqueness). */
export async function insertOnce(
  database: Database,
  text: string,
  values: readonly SqlValue[],
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const transaction = await database.connections.begin();
    try {
      await transaction.change(text, values);
    } catch (error) {
      await transaction.rollback();
      if (duplicateOf(error)) return false;
      if (attempt >= ATTEMPTS || !isRetryable(error)) throw error;
      await sleep(Math.random() * 15 * 2 ** attempt);
      continue;
    }
    await transaction.commit();
    return true;
  }
}
