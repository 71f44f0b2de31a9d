import { KeyRing } from '../../core/crypto/key-ring.js';
import { allSealedPlaces, openEvery, type SealedPlaces } from '../../core/crypto/sealed-places.js';
import { Opener } from '../../core/crypto/opener.js';
import { OPSKEEP } from '../output.js';
import { fault, type Finding, ok, some, warning } from './finding.js';
import type { Patient } from './patient.js';

const AREA = 'secrets';

async function check(
  patient: Patient,
  opener: Opener,
  places: SealedPlaces,
  earlier: ReadonlySet<string>,
): Promise<Finding[]> {
  const { reader } = patient.main.connections;
  const what = `${places.table}.${places.column}`;
  const [count] = await reader.select<{ total: number }>(
    `SELECT COUNT(${places.column}) AS total FROM ${places.table}`,
  );
  const { total, unopened, byKey } = await openEvery(reader, opener, places, done =>
    patient.progress.at(done, Number(count?.total)),
  );
  const broken: string[] = [];
  for (const { id, keyId = '' } of unopened)
    if (!(await patient.keystore.isDestroyed(keyId))) broken.push(id);
  const old = [...byKey].reduce((sum, [id, count]) => sum + (earlier.has(id) ? count : 0), 0);
  const findings: Finding[] = [];
  if (broken.length === 0) findings.push(ok(AREA, `${what}: ${total} sealed values, and each opens`));
  else
    findings.push(
      fault(
        AREA,
        `${what}: ${some(broken.length, 'value', broken)} cannot be opened: altered, moved, given to another owner, or sealed by a key that is gone`,
        'Restore these rows, or the keystore, from a backup; otherwise set the secrets anew',
      ),
    );
  if (old > 0)
    findings.push(
      warning(
        AREA,
        `${what}: ${old} of the values are sealed by earlier keys of their owners`,
        `Run ${OPSKEEP} admin keys rotate-data --all; they open all the same`,
      ),
    );
  return findings;
}

/** Opens every sealed value; no plaintext is kept or shown. */
export async function checkSealed(patient: Patient): Promise<Finding[]> {
  const ring = new KeyRing(patient.keystore, patient.masterKeys);
  const findings: Finding[] = [];
  try {
    const keys = await patient.keystore.select<{ id: string }>(
      "SELECT id FROM data_keys WHERE state = 'decrypt_only'",
    );
    const earlier = new Set(keys.map(one => one.id));
    for (const places of allSealedPlaces())
      findings.push(...(await check(patient, new Opener(ring), places, earlier)));
  } finally {
    ring.clear();
  }
  return findings;
}
