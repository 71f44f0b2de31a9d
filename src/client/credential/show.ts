import { printableCell } from '../../formats/printable.js';
import type { Call } from '../cli/command.js';
import { print } from '../cli/output.js';
import { askAsUser } from '../session/as-user.js';
import { nameOf } from './called.js';
import { clientNames } from '../naming/client-names.js';
import { findCredential } from './find-credentials.js';
import { namedIn } from './grounds.js';
import { type Link, linkedWith, type OwnLinks } from './linked-with.js';

/** What the server tells of a credential beside its secrets. */
interface Shown extends OwnLinks {
  id: string;
  name: string | null;
  service_name: string;
  username: string | null;
  credential_type: string;
  client_id: string | null;
  visibility: string;
  external_url: string | null;
  internal_url: string | null;
  custom_port: number | null;
  requires_vpn: boolean;
  requires_2fa: boolean;
  reveal_policy: string;
  expires_at: string | null;
  last_rotated_at: string | null;
  needs_rotation_reason: string | null;
  is_active: boolean;
  archived_at: string | null;
  secret_fields: string[];
  tags: string[];
  notes: string | null;
  created_at: string;
  updated_at: string;
}

/** Prints all that is known of a credential but its secrets, which are not opened. */
export async function show(call: Call): Promise<void> {
  const { id } = await findCredential({ ...namedIn(call), archived: call.flag('archived') });
  const shown = await askAsUser<Shown>({
    path: `/credentials/${id}?reveal=false`,
    holds: ['id', 'service_name', 'visibility'],
  });
  const links = await linkedWith(id, shown);
  const client = (await clientNames([shown.client_id])).get(shown.client_id ?? '') ?? shown.client_id;
  print(call.json, { ...shown, links }, () => inWords(shown, client ?? shown.visibility, links));
}

const yes = (is: boolean) => (is ? 'yes' : null);

/** A line for each thing that there is; what has lines of its own is indented below it. */
function inWords(shown: Shown, client: string, links: Link[]): string {
  const facts: [string, string | number | null][] = [
    ['Name', nameOf(shown)],
    ['Id', shown.id],
    ['Client', client],
    ['Service', shown.service_name],
    ['Type', shown.credential_type],
    ['User', shown.username],
    ['Address', shown.external_url],
    ['Internal address', shown.internal_url],
    ['Port', shown.custom_port],
    ['Needs VPN', yes(shown.requires_vpn)],
    ['Needs 2FA', yes(shown.requires_2fa)],
    ['Secrets', shown.secret_fields.join(', ')],
    ['Revealing asks for', shown.reveal_policy === 'open' ? null : shown.reveal_policy],
    ['Tags', shown.tags.join(', ')],
    ['Linked with', links.map(({ name, resource }) => `${name} (${resource})`).join(', ')],
    ['Expires', shown.expires_at],
    ['Last rotated', shown.last_rotated_at],
    ['To be rotated', shown.needs_rotation_reason],
    ['Active', shown.is_active ? null : 'no'],
    ['Archived', shown.archived_at],
    ['Created', shown.created_at],
    ['Changed', shown.updated_at],
  ];
  const told = facts.filter(([, value]) => value !== null && value !== '');
  const width = Math.max(...told.map(([what]) => what.length));
  const lines = told.map(([what, value]) => `${`${what}:`.padEnd(width + 2)}${printableCell(String(value))}`);
  const notes = (shown.notes ?? '').split(/\r?\n/).map(line => `  ${line}`);
  return [...lines, ...(shown.notes ? ['Notes:', ...notes] : [])].join('\n');
}
