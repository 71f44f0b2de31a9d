import { decodeMoment } from '../../core/database/values.js';
import { fault, type Finding, orOk } from './finding.js';
import type { Patient } from './patient.js';

const AREA = 'clock';
const TOLERANCE_MS = 5 * 60_000;
/** No time before this program was written can be right. */
const EARLIEST = Date.UTC(2025, 0, 1);
const MEND = 'Set the clock and keep it with NTP: expiry, one-time codes and the audit trail depend on it';

const apart = (milliseconds: number) => `${Math.round(milliseconds / 60_000)} minutes`;

/** The clock of this machine, against the database server's and against what was written last. */
export async function checkClock({ main }: Patient): Promise<Finding[]> {
  const now = Date.now();
  const found: Finding[] = [];
  const { reader } = main.connections;
  if (now < EARLIEST) found.push(fault(AREA, `It cannot be ${new Date(now).toISOString()}`, MEND));
  const [newest] = await reader.select<{ at: string }>('SELECT at FROM journal ORDER BY n DESC LIMIT 1');
  const ahead = newest ? Date.parse(decodeMoment(newest.at)) - now : 0;
  if (ahead > TOLERANCE_MS)
    found.push(fault(AREA, `The newest entry of the audit trail is ${apart(ahead)} in the future`, MEND));
  if (main.dialect === 'mariadb') {
    const [server] = await reader.select<{ at: string }>('SELECT UTC_TIMESTAMP(3) AS at');
    const off = server ? Math.abs(Date.parse(decodeMoment(server.at)) - now) : 0;
    if (off > TOLERANCE_MS)
      found.push(fault(AREA, `The database server’s clock is ${apart(off)} away from this one`, MEND));
  }
  return orOk(AREA, `It is ${new Date(now).toISOString()}`, found);
}
