import { readBoundedValue } from '../../formats/bounded-input.js';
import { CREDENTIAL_TYPES } from '../../formats/credential-types.js';
import type { Call } from '../cli/command.js';
import { UsageError } from '../cli/errors.js';
import { print, printNotice } from '../cli/output.js';
import { askAsUser } from '../session/as-user.js';
import { readValue } from '../vault/cli/values.js';
import { within } from './place.js';
import { isMakeable, mainFieldOf } from './main-field.js';

interface Made {
  id: string;
  duplicates?: string[];
}

/** Secrets by field: from the places that `--secret field=file` names, else the main one, asked for or generated. */
async function secretsOf(call: Call, type: string): Promise<Record<string, string>> {
  const pairs = call.values('secret').map(one => {
    const [, field, file] = /^([a-z_]{1,30})=(.+)$/s.exec(one) ?? [];
    if (!field || !file) throw new UsageError('--secret has the form field=file.');
    return [field, file] as const;
  });
  const main = mainFieldOf(type);
  if (main === undefined) throw new UsageError(`--type is one of ${CREDENTIAL_TYPES.join(', ')}.`);
  const [, ...others] = [call.flag('generate'), pairs.length > 0, call.value('file') !== undefined].filter(
    Boolean,
  );
  if (others.length > 0)
    throw new UsageError('A secret comes from one place: --generate, --secret or --file.');
  if (call.flag('generate') && !isMakeable(type))
    throw new UsageError(
      `--generate makes no ${type}: give it by --file, --secret or on the standard input.`,
    );
  if (call.flag('generate')) {
    const { value } = await askAsUser<{ value: string }>({ path: '/credentials/generate', holds: ['value'] });
    return { [main]: value };
  }
  if (pairs.length === 0) return { [main]: await readValue(call) };
  const secrets: Record<string, string> = {};
  for (const [field, file] of pairs) secrets[field] = await readBoundedValue(file, `The file of ${field}`);
  return secrets;
}

/** Where it belongs, as a body says it. */
async function placeOf(call: Call): Promise<Record<string, string>> {
  const place = call.value('client');
  if (place === undefined) return { visibility: 'private' };
  const { client_id, visibility } = await within(place);
  return client_id === undefined ? { visibility: visibility ?? 'private' } : { client_id };
}

/** A day stands for its start in UTC, as in the filters of lists. */
const momentOf = (text: string | undefined) =>
  text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;

/** Stores a credential at the server. */
export async function add(call: Call): Promise<void> {
  const [name = ''] = call.args;
  const type = call.value('type') ?? 'password';
  const place = await placeOf(call);
  const facts = {
    name,
    service_name: call.value('service') ?? name,
    credential_type: type,
    username: call.value('username'),
    external_url: call.value('url'),
    notes: call.value('notes'),
    expires_at: momentOf(call.value('expires')),
    reveal_policy: call.value('policy'),
  };
  const secrets = await secretsOf(call, type);
  if (Object.values(secrets).includes('')) throw new UsageError('There is no secret: it is empty.');
  const body = { ...place, ...facts, ...secrets };
  const { id, duplicates = [] } = await askAsUser<Made>({
    method: 'POST',
    path: '/credentials',
    body,
    holds: ['id'],
  });
  if (duplicates.length > 0)
    printNotice(`The same secret is stored for this service already: ${duplicates.join(', ')}`);
  print(call.json, { id, name, duplicates }, () => `Stored ${name}: ${id}`);
}
