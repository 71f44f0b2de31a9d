import type { ClientError } from '../cli/errors.js';
import { table } from '../cli/table.js';
import type { Found } from './called.js';
import { clientNames } from '../naming/client-names.js';
import { ambiguous } from '../naming/query.js';

const TOLD = 10;
const HEADING = ['ID', 'NAME', 'SERVICE', 'USER', 'TYPE', 'CLIENT'];

/** Why none of several is taken, with what tells them apart. */
export async function several(
  credential: string,
  place: string | undefined,
  found: Found[],
): Promise<ClientError> {
  const told = found.slice(0, TOLD);
  const names = await clientNames(told.map(one => one.client_id));
  const whose = ({ client_id, visibility }: Found) =>
    client_id === null ? visibility : (names.get(client_id) ?? client_id);
  const rows = told.map(one => [
    one.id,
    one.name ?? '',
    one.service_name,
    one.username ?? '',
    one.credential_type,
    whose(one),
  ]);
  const where = place === undefined ? '' : ` in ${place}`;
  const isElsewhere =
    place === undefined && new Set(found.map(one => one.client_id ?? one.visibility)).size > 1;
  const how = isElsewhere ? 'by its id, or its client by --client' : 'by its id';
  const lines = table(HEADING, rows, Infinity).split('\n');
  const rest = found.length > TOLD ? [`and ${found.length - TOLD} more`] : [];
  const listed = [...lines, ...rest].map(line => `\n  ${line}`).join('');
  return ambiguous(`Several credentials${where} are called ${credential}: name one ${how}${listed}`);
}
