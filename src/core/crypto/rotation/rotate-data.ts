import { setTimeout as sleep } from 'node:timers/promises';
import { v7 } from 'uuid';
import type { Units } from '../../database/units.js';
import { ACTIVE_LIFETIME_MS, type KeyRing } from '../key-ring.js';
import type { Keystore } from '../keystore/keystore.js';
import { allSealedPlaces } from '../sealed-places.js';
import type { Sealer } from '../sealer.js';
import { type KeyScope, nameOfScope, ownersIn } from './key-scope.js';
import { resealPlaces, type Resealing } from './reseal-places.js';

const PAGE = 500;

export interface DataRotation {
  /** Owners that got another key in this run. */
  owners: number;
  resealed: number;
  /** Values under an earlier key that do not open, and stay as they are: `table id`. */
  failed: string[];
}

/** With what it is done; `units` are those of the main database. */
export interface RotationTools {
  keystore: Keystore;
  ring: KeyRing;
  sealer: Sealer;
  units: Units;
}

export interface DataRotationWatch extends Resealing {
  renewing?: (owners: number) => void;
}

/**
 * Gives each owner of the scope another key, and seals anew what the earlier ones have sealed, while servers run. The
 * earlier keys stay, and still open. Cut off anywhere, it is finished by being called again with the same scope: owners
 * that have their new key do not get another.
 *
 * @param settle_ms how long other processes may go on sealing under the earlier keys, which they hold in caches: the last
 *   pass begins so much later than the new keys were made, and finds nothing
 * @throws NotFoundError where the owner has no key; ConflictError where its keys were destroyed; UnavailableError
 */
export async function rotateData(
  tools: RotationTools,
  scope: KeyScope,
  watch: DataRotationWatch = {},
  settle_ms = 2 * ACTIVE_LIFETIME_MS,
): Promise<DataRotation> {
  const fact = `rotate-data:${nameOfScope(scope)}`;
  const rotation_id = await tools.keystore.establish(fact, v7());
  const owners = await renewKeys(tools, scope, rotation_id, watch);
  const settled = performance.now() + settle_ms;
  const result: DataRotation = { owners, resealed: 0, failed: [] };
  for (;;) {
    const began = performance.now();
    const pass = await resealPlaces(tools, scope, allSealedPlaces(), watch);
    result.resealed += pass.resealed;
    result.failed = pass.failed;
    if (pass.old > 0) continue;
    if (began >= settled || pass.earlierKeys === 0) break;
    await sleep(settled - performance.now());
  }
  await tools.keystore.forgetFact(fact);
  return result;
}

async function renewKeys(
  { keystore, ring }: RotationTools,
  scope: KeyScope,
  rotation_id: string,
  { renewing }: DataRotationWatch,
): Promise<number> {
  let count = 0;
  for (let last: string | undefined = ''; last !== undefined;) {
    const keys = await ownersIn(keystore, scope, {
      condition: "state = 'active' AND (rotation_id IS NULL OR rotation_id <> ?) AND id > ?",
      values: [rotation_id, last],
      end: `ORDER BY id LIMIT ${PAGE}`,
    });
    for (const { id, version, owner } of keys) {
      await ring.renew(owner, { id, version }, rotation_id);
      count++;
      renewing?.(count);
    }
    last = keys.length < PAGE ? undefined : keys.at(-1)?.id;
  }
  return count;
}
