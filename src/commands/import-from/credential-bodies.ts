import { ValidationError } from '../../core/context/errors.js';
import { Plaintext } from '../../core/crypto/plaintext.js';
import { now } from '../../core/database/values.js';
import type { Body } from '../../core/resource/resource.service.js';
import { checkTotpSecret } from '../../vault/credentials/secrets/one-time-codes.js';
import { readPrivateKey } from '../../vault/credentials/secrets/secret-checks.js';
import { sealedBeside, tellsSecret } from '../bringing/telling.js';
import { addressesOf } from './addresses.js';
import type { Item, ItemField } from './item.js';

const MOST_NAME = 255;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
/** What a conversion between encodings puts where it understood nothing. */
const DAMAGED = '\ufffd';

/** The credentials that an entry becomes, without a client: the first holds what the entry is about. */
export interface Drafts {
  bodies: Body[];
  /** What is not brought in as it is, in words. */
  without: string[];
}

/**
 * What an entry becomes. Our notes are no secrets, theirs often are: what looks like one, hidden fields, and what does not
 * fit the type are sealed in credentials of their own (`shared_secret`) beside it, so that nothing is lost.
 *
 * @param sealsNotes whether notes are sealed whatever they look like
 */
export function draftsOf(item: Item, sealsNotes: boolean): Drafts {
  const title = lineOf(item.title) || hostOf(item.urls) || 'Without a name';
  const drafts: Drafts = { bodies: [], without: [...item.without] };
  if (lineOf(item.title) !== item.title.trim())
    drafts.without.push('invisible characters or the end of its name');
  const { main, hidden } = item.kind === 'note' ? noteOf(item) : secretsOf(item, drafts.without);
  const { external_url, internal_url, others } = addressesOf(item.urls);
  const told: ItemField[] = [
    { name: 'Notes', value: item.kind === 'note' ? '' : item.notes, isHidden: sealsNotes },
    ...item.fields,
    ...others.map(value => ({ name: 'Address', value, isHidden: false })),
  ].filter(one => one.value.trim() !== '');
  const open: ItemField[] = [];
  const secrets = secretTexts(item);
  for (const field of told)
    (field.isHidden || tellsSecret(`${field.name}: ${field.value}`, secrets) ? hidden : open).push(field);
  const addresses: Body = {};
  for (const [field, url] of Object.entries({ external_url, internal_url }))
    if (url !== null && tellsSecret(url, secrets))
      hidden.push({ name: 'Address', value: url, isHidden: true });
    else if (url !== null) addresses[field] = url;
  const shared = { tags: tagsOf(item.tags), ...(item.isArchived ? { archived_at: now() } : {}) };
  const about = { username: item.username.trim() || null, ...addresses, notes: notesOf(open, hidden) };
  if (main) drafts.bodies.push({ service_name: title, ...about, ...shared, ...main });
  for (const { name, value } of hidden)
    drafts.bodies.push({
      service_name: lineOf(`${title}: ${name || 'field'}`),
      credential_type: 'shared_secret',
      shared_secret: value,
      ...(main ? {} : about),
      ...shared,
    });
  return drafts;
}

interface Sorted {
  main: Body | undefined;
  hidden: ItemField[];
}

function noteOf({ notes }: Item): Sorted {
  const main = notes.trim() === '' ? undefined : { credential_type: 'shared_secret', shared_secret: notes };
  return { main, hidden: [] };
}

function secretsOf({ kind, password, private_key, totp }: Item, without: string[]): Sorted {
  const hidden: ItemField[] = [];
  const keep = (name: string, value: string) => hidden.push({ name, value, isHidden: true });
  const isKey = kind === 'ssh_key' && isGood(() => readPrivateKey(Plaintext.of(private_key)));
  if (kind === 'ssh_key' && !isKey && private_key !== '') {
    without.push('its private key as a key: its form is not known');
    keep('Private key', private_key);
  }
  const main: Body | undefined = isKey
    ? { credential_type: 'ssh_key', private_key }
    : password === ''
      ? undefined
      : { credential_type: 'password', password };
  const seed = totp.trim();
  if (seed === '') return { main, hidden };
  const isSeed = !/[?&]encoder=/i.test(seed) && isGood(() => checkTotpSecret(Plaintext.of(seed)));
  if (isSeed && main) return { main: { ...main, totp_secret: seed, requires_2fa: true }, hidden };
  without.push('one-time codes: the seed is kept, and gives none');
  keep('One-time code', seed);
  return { main, hidden };
}

function isGood(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof ValidationError) return false;
    throw error;
  }
}

/** One visible line of at most 255 characters. */
function lineOf(text: string): string {
  const line = text.replace(/\s+/g, ' ').replace(UNSEEN, '').trim();
  return line.length <= MOST_NAME
    ? line
    : `${line
        .slice(0, MOST_NAME - 1)
        .toWellFormed()
        .replace(DAMAGED, '')}…`;
}

function hostOf([url = '']: string[]): string {
  return URL.canParse(url) ? lineOf(new URL(url).hostname) : '';
}

/** What is searched for in texts that will not be sealed. */
function secretTexts({ password, private_key, totp, fields }: Item): string[] {
  const hidden = fields.filter(one => one.isHidden).map(one => one.value);
  return [password, private_key, totp, ...hidden].filter(one => one !== '');
}

function notesOf(open: ItemField[], hidden: ItemField[]): string | null {
  const lines = open.map(({ name, value }) => (name === 'Notes' ? value : `${name}: ${value}`));
  if (hidden.length > 0) lines.push(sealedBeside(hidden.map(one => lineOf(one.name) || 'field')));
  return lines.length === 0 ? null : lines.join('\n');
}

/** Tags are one visible word or a few, without a comma. */
function tagsOf(tags: string[]): string[] {
  const names = tags.map(one => lineOf(one.replaceAll(',', ' ')).toLowerCase().slice(0, 100));
  return [...new Set(names.filter(one => one !== ''))].slice(0, 50);
}

/** Whether a secret of the entry was damaged by an earlier conversion: it would open nothing. */
export function isDamaged(item: Item): boolean {
  return [item.username, ...secretTexts(item)].some(one => one.includes(DAMAGED));
}
