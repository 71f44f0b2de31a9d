import type { Call } from '../cli/command.js';
import { UsageError } from '../cli/errors.js';
import { print } from '../cli/output.js';
import { printTable } from '../cli/table.js';
import { askAsUser } from '../session/as-user.js';
import { findCredential } from './find-credentials.js';
import { askWithGrounds, codeOf, namedIn, reasonOf } from './grounds.js';
import { queryOf } from '../naming/query.js';

interface Request {
  id: string;
  purpose: string;
  reason: string;
  status: string;
  expires_at: string;
  single_use: boolean;
  minutes: number;
  target_name: string | null;
  requester_email: string | null;
}

const FIELDS = ['id', 'purpose', 'reason', 'status', 'expires_at', 'target_name?', 'requester_email?'];
const MOST_SHOWN = 200;

function minutesOf(call: Call): number | undefined {
  const text = call.value('minutes');
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(text) || Number(text) > 1440) throw new UsageError('--minutes takes 1 to 1440.');
  return Number(text);
}

/** Asks a second person to approve a reveal. */
export async function request(call: Call): Promise<void> {
  const minutes = minutesOf(call);
  const reason = reasonOf(call);
  if (reason === undefined) throw new UsageError('--reason says why: whoever decides reads it.');
  const { id: credential_id } = await findCredential(namedIn(call));
  const body = { credential_id, reason, minutes, single_use: !call.flag('repeatedly') };
  const asked = await askAsUser<Request>({ method: 'POST', path: '/approval-requests', body, holds: FIELDS });
  const who = 'somebody else who manages it, or an administrator, decides';
  print(call.json, asked, () => `Asked: ${asked.id}. Until ${asked.expires_at} ${who}.`);
}

/** Lists what waits for a decision of the user's, or all that is open. */
export async function requests(call: Call): Promise<void> {
  const which = call.flag('all') ? { is_open: 'true' } : { to_decide: 'true' };
  const { items } = await askAsUser<{ items: Request[] }>({
    path: `/approval-requests${queryOf({ ...which, limit: MOST_SHOWN })}`,
    holds: FIELDS.map(field => `items[].${field}`),
  });
  const rows = items.map(one => [
    one.id,
    one.target_name ?? '',
    one.purpose,
    one.requester_email ?? '',
    one.status,
    one.expires_at.slice(0, 16).replace('T', ' '),
    one.reason,
  ]);
  printTable(call.json, items, ['ID', 'OF', 'TO', 'WHO', 'STATUS', 'UNTIL (UTC)', 'WHY'], rows);
}

export const approve = (call: Call): Promise<void> => decide(call, 'approve');

export async function refuse(call: Call): Promise<void> {
  if (call.value('note') === undefined) throw new UsageError('--note says why.');
  await decide(call, 'refuse');
}

async function decide(call: Call, verb: 'approve' | 'refuse'): Promise<void> {
  const [id = ''] = call.args;
  const otp = await codeOf(call);
  const path = `/approval-requests/${encodeURIComponent(id)}/${verb}`;
  const body = { note: call.value('note') };
  const decided = await askWithGrounds<Request>({ method: 'POST', path, body, holds: FIELDS }, { otp });
  print(call.json, decided, () => `${decided.target_name ?? decided.id}: ${decided.status}.`);
}
