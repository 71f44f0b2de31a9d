import { HeadFile } from '../../core/audit/seals/head-file.js';
import { SealKeys } from '../../core/audit/seals/seal-keys.js';
import { verifyTrail } from '../../core/audit/verification/verify-trail.js';
import { KeyRing } from '../../core/crypto/key-ring.js';
import { OPSKEEP } from '../output.js';
import { fault, type Finding, ok } from './finding.js';
import type { Patient } from './patient.js';

const AREA = 'audit';

/** Whether every entry of the trail is as it was written, in its order, and sealed. */
export async function checkTrail(patient: Patient): Promise<Finding[]> {
  const { main, keystore, masterKeys, settings, progress } = patient;
  const keys = new KeyRing(keystore, masterKeys);
  const found = await verifyTrail({
    connections: main.connections,
    keys,
    seals: new SealKeys(keys, keystore),
    file: new HeadFile(settings.OPSKEEP_DATA),
    progress: (done, total) => progress.at(done, total),
  });
  keys.clear();
  if (found.ok)
    return [ok(AREA, `${found.checked} entries are as they were written, ${found.sealed} of them sealed`)];
  const [first] = found.faults;
  const where = first?.n ? `entry ${first.seq ?? `of n ${first.n}`} ` : '';
  return [
    fault(
      AREA,
      `The audit trail has ${found.fault_count} ${found.fault_count === 1 ? 'fault' : 'faults'}; the first: ${where}${first?.message}`,
      `Read what docs/operations.md says of it, and run ${OPSKEEP} admin audit verify`,
    ),
  ];
}
