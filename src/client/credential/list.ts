import type { Call } from '../cli/command.js';
import { UsageError } from '../cli/errors.js';
import { printNotice } from '../cli/output.js';
import { printTable } from '../cli/table.js';
import { askAsUser } from '../session/as-user.js';
import { clientNames } from '../naming/client-names.js';
import { within } from './place.js';
import { queryOf } from '../naming/query.js';

interface Listed {
  id: string;
  name: string | null;
  service_name: string;
  username: string | null;
  credential_type: string;
  client_id: string | null;
  visibility: string;
  expires_at: string | null;
  needs_rotation: boolean;
}

const FIELDS =
  'id,name,service_name,username,credential_type,client_id,visibility,expires_at,secret_fields,needs_rotation,needs_rotation_reason';
const HOLDS = [
  'id',
  'service_name',
  'credential_type',
  'visibility',
  'name?',
  'username?',
  'client_id?',
  'expires_at?',
].map(field => `items[].${field}`);
const MOST = 1_000;

function limitOf(call: Call): number {
  const text = call.value('limit') ?? '200';
  if (!/^[1-9]\d{0,3}$/.test(text) || Number(text) > MOST)
    throw new UsageError(`--limit takes 1 to ${MOST}.`);
  return Number(text);
}

/** Lists credentials without their values. */
export async function list(call: Call): Promise<void> {
  const place = call.value('client');
  const query = {
    ...(await within(place)),
    q: call.args.join(' ') || undefined,
    credential_type: call.value('type'),
    needs_rotation: call.flag('needs-rotation') ? 'true' : undefined,
    archived: call.flag('archived') ? 'true' : undefined,
    fields: FIELDS,
    sort: 'service_name',
    limit: limitOf(call),
  };
  const page = await askAsUser<{ items: Listed[]; total: number | null; next: string | null }>({
    path: `/credentials${queryOf(query)}`,
    holds: HOLDS,
  });
  const names = call.json
    ? new Map<string, string>()
    : await clientNames(page.items.map(one => one.client_id));
  const rows = page.items.map(one => [
    one.id,
    one.name ?? '',
    one.service_name,
    one.username ?? '',
    one.credential_type,
    one.client_id === null ? one.visibility : (names.get(one.client_id) ?? one.client_id),
    one.needs_rotation ? 'to be rotated' : (one.expires_at?.slice(0, 10) ?? ''),
  ]);
  printTable(call.json, page.items, ['ID', 'NAME', 'SERVICE', 'USER', 'TYPE', 'CLIENT', 'EXPIRES'], rows);
  if (page.next !== null)
    printNotice(
      `These are ${page.items.length} of ${page.total ?? 'more'}: --limit shows up to ${MOST}, QUERY and --client fewer.`,
    );
}
