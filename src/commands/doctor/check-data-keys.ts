import { migrationFinishedAt } from '../../core/crypto/keystore/migration-end.js';
import { OpeningError } from '../../core/crypto/opening-error.js';
import { MOST_SEALS } from '../../core/crypto/seal-counts.js';
import { unwrapKey, type WrappedKey } from '../../core/crypto/wrapped-key.js';
import { OPSKEEP } from '../output.js';
import { fault, type Finding, ok, some, warning } from './finding.js';
import type { Patient } from './patient.js';

const AREA = 'keys';
const PAGE = 500;

/** Unwraps every key, also those that seal nothing any more; the bytes are wiped at once. */
async function unwrapping({ keystore, masterKeys }: Patient): Promise<Finding> {
  const broken: string[] = [];
  let total = 0;
  for (let last: string | undefined = ''; last !== undefined;) {
    const keys: WrappedKey[] = await keystore.select<WrappedKey>(
      `SELECT id, owner_kind, owner_id, version, wrapped, kek_id FROM data_keys
       WHERE state <> 'destroyed' AND id > ? ORDER BY id LIMIT ${PAGE}`,
      [last],
    );
    for (const key of keys)
      try {
        (await unwrapKey(masterKeys, key)).fill(0);
      } catch (error) {
        if (!(error instanceof OpeningError)) throw error;
        broken.push(key.id);
      }
    total += keys.length;
    last = keys.length < PAGE ? undefined : keys.at(-1)?.id;
  }
  if (broken.length === 0) return ok(AREA, `${total} wrapped keys, and each unwraps`);
  return fault(
    AREA,
    `${some(broken.length, 'key', broken)} cannot be unwrapped: altered or moved in the keystore`,
    'Restore the keystore from a backup',
  );
}

/** A key is renewed by itself long before; one that was not belongs to servers that cannot tell what they seal. */
async function overused({ keystore }: Patient): Promise<Finding[]> {
  const keys = await keystore.select<{ id: string }>(
    `SELECT id FROM data_keys WHERE state = 'active' AND seals >= ${MOST_SEALS / 2} ORDER BY id`,
  );
  if (keys.length === 0) return [];
  const ids = keys.map(one => one.id);
  return [
    warning(
      AREA,
      `${some(keys.length, 'key', ids)} sealed more than half of the 2^32 values that a key of AES-GCM may seal`,
      `Run ${OPSKEEP} admin keys rotate-data --all`,
    ),
  ];
}

async function rotations({ keystore }: Patient): Promise<Finding[]> {
  const facts = await keystore.select<{ name: string }>(
    "SELECT name FROM keystore_facts WHERE name LIKE 'rotate-data:%' ORDER BY name",
  );
  return facts.map(({ name }) => {
    const scope = name.slice('rotate-data:'.length);
    return warning(
      AREA,
      `A rotation of the data keys of ${scope} was cut off, or is under way`,
      `Run ${OPSKEEP} admin keys rotate-data ${scope === 'all' ? '--all' : `--owner ${scope}`}, which finishes it`,
    );
  });
}

/** The data keys themselves, and whether what was begun with them is finished. */
export async function checkDataKeys(patient: Patient): Promise<Finding[]> {
  const closed = await migrationFinishedAt(patient.keystore);
  return [
    await unwrapping(patient),
    ...(await overused(patient)),
    ...(await rotations(patient)),
    ...(closed === undefined
      ? []
      : [ok(AREA, `The migration from earlier systems is closed since ${closed}`)]),
  ];
}
