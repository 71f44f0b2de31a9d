import { resourceOf } from '../../../core/resource/resource.js';
import type { Body } from '../../../core/resource/resource.service.js';
import type { EarlierCredential } from '../../../formats/credentials-file.js';
import { redactValue } from '../../../formats/redaction/redact.js';
import { Credential } from '../../../vault/credentials/credential.entity.js';
import { fieldsByName, VAULT_TYPES } from '../../../formats/credential-types.js';
import type { EarlierRow, Seen } from '../earlier-rows.js';
import { fillable, valueOf } from '../field-values.js';
import { typesFor } from '../fit-types.js';
import { acceptable, Notes } from '../said-in-notes.js';

export const KIND = 'credentials-file';
/** Types of the earlier program; others are secrets of no kind that is known. */
const SECRETS = fieldsByName(VAULT_TYPES);
const FIELDS = new Map([
  ['user', 'username'],
  ['login', 'username'],
  ['url', 'external_url'],
  ['host', 'external_url'],
  ['expires', 'expires_at'],
  ['port', 'custom_port'],
]);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An entry of the file: its name, and whatever stands there. */
export async function rowOfEntry(name: string, entry: unknown, seen: Seen): Promise<EarlierRow> {
  const row: EarlierRow = {
    table: KIND,
    row: name,
    named: [name],
    client: null,
    user: null,
    bodies: [],
    faults: [],
  };
  const { value, type, service, metadata } = isObject(entry)
    ? (entry as unknown as EarlierCredential)
    : { value: undefined };
  if (typeof value !== 'string' || value === '') {
    row.faults.push({ table: KIND, row: name, column: 'value', reason: 'is no text' });
    return row;
  }
  seen.opened += 1;
  const notes = new Notes(seen, [value]);
  const field = SECRETS.get(String(type ?? 'api_key')) ?? 'shared_secret';
  if (field === 'shared_secret' && type !== 'secret') notes.add('type', String(type));
  const [part] = typesFor(undefined, [field]) ?? [];
  const said = typeof service === 'string' && service.trim() !== '' ? service : name;
  const facts = factsOf(isObject(metadata) ? metadata : {}, notes);
  const body = { ...facts, name, service_name: said, credential_type: part?.type, [field]: value };
  const whole = await acceptable(resourceOf(Credential), body, notes, row);
  if (whole) row.bodies.push(whole, ...notes.bodies(said));
  return row;
}

/** What is said beside the secret. The file was encrypted as a whole: what looks like a secret is sealed beside it. */
function factsOf(metadata: Record<string, unknown>, notes: Notes): Body {
  const fields = fillable(resourceOf(Credential));
  const body: Body = {};
  for (const [told, value] of Object.entries(metadata)) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (value === null || text === '') continue;
    const clean = redactValue({ [told]: value }) as Record<string, unknown>;
    const isSecret = JSON.stringify(clean) !== JSON.stringify({ [told]: value });
    if (notes.seals(told, text, isSecret)) continue;
    const name = FIELDS.get(told.toLowerCase()) ?? told.toLowerCase();
    const field =
      name === 'name' || name === 'service_name' || name === 'credential_type' ? undefined : fields.get(name);
    if (field && body[name] === undefined) body[name] = valueOf(field, text);
    else notes.add(told, text);
  }
  return body;
}
