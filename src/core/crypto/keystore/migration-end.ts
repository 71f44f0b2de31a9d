import { ConflictError } from '../../context/errors.js';
import { now } from '../../database/values.js';
import type { Keystore } from './keystore.js';

const FACT = 'migration-finished';

/** When the migration from earlier systems was closed, as ISO 8601; undefined while it is open. */
export function migrationFinishedAt(keystore: Keystore): Promise<string | undefined> {
  return keystore.fact(FACT);
}

/** From now on nothing but v3 is accepted. Answers with when it was closed, which may have been before. */
export function finishMigration(keystore: Keystore): Promise<string> {
  return keystore.establish(FACT, now());
}

/** @throws ConflictError when it is closed */
export async function requireMigrationOpen(keystore: Keystore): Promise<void> {
  const at = await migrationFinishedAt(keystore);
  if (at === undefined) return;
  throw new ConflictError(
    `The migration was closed at ${at} (admin keys finish-migration): values of earlier systems are not accepted any more`,
  );
}
