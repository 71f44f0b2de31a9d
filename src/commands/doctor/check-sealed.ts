import { KeyRing } from '../../core/crypto/key-ring.js';
import {
  allSealedPlaces,
  openEvery,
  type SealedPlaces,
  type Unopened,
} from '../../core/crypto/sealed-places.js';
import { Opener } from '../../core/crypto/opener.js';
import { fault, type Finding, ok, some } from './finding.js';
import type { Patient } from './patient.js';

const AREA = 'secrets';

/** Off-boarding destroys keys: what they sealed is meant to stay closed. */
async function isDestroyed({ keystore }: Patient, { sealed }: Unopened): Promise<boolean> {
  const rows = await keystore.select("SELECT id FROM data_keys WHERE id = ? AND state = 'destroyed'", [
    sealed.split('.')[1] ?? '',
  ]);
  return rows.length > 0;
}

async function check(patient: Patient, opener: Opener, places: SealedPlaces): Promise<Finding> {
  const { reader } = patient.main.connections;
  const what = `${places.table}.${places.column}`;
  const [count] = await reader.select<{ total: number }>(
    `SELECT COUNT(${places.column}) AS total FROM ${places.table}`,
  );
  const { total, unopened } = await openEvery(reader, opener, places, done =>
    patient.progress.at(done, Number(count?.total)),
  );
  const broken: string[] = [];
  for (const one of unopened) if (!(await isDestroyed(patient, one))) broken.push(one.id);
  if (broken.length === 0) return ok(AREA, `${what}: ${total} sealed values, and each opens`);
  return fault(
    AREA,
    `${what}: ${some(broken.length, 'value', broken)} cannot be opened: altered, moved, or sealed by a key that is gone`,
    'Restore these rows, or the keystore, from a backup; otherwise set the secrets anew',
  );
}

/** Opens every sealed value; no plaintext is kept or shown. */
export async function checkSealed(patient: Patient): Promise<Finding[]> {
  const ring = new KeyRing(patient.keystore, patient.masterKeys);
  const findings: Finding[] = [];
  try {
    for (const places of allSealedPlaces()) findings.push(await check(patient, new Opener(ring), places));
  } finally {
    ring.clear();
  }
  return findings;
}
