import { parseEnv } from 'node:util';
import { isCredentialsFile, openCredentialsFile } from '../../../formats/credentials-file.js';
import { FormatError } from '../../../formats/format-error.js';
import { ClientError, EXIT } from '../../cli/errors.js';
import { asObject } from '../../private-files.js';
import type { SetOptions } from '../local-vault.js';

/** What a file holds under one name. What it says there may be anything, and is judged when it is stored. */
export interface Found extends SetOptions {
  name: string;
  value: string;
}

/** What opens a `.credentials` file of version 1. */
export interface EarlierKey {
  /** What stood in FPAI_CREDENTIALS_KEY then. */
  secret?: string;
  salt?: string;
}

const unreadable = (what: string) =>
  new ClientError(`Nothing was imported: ${what}`, EXIT.failed, 'unreadable');

function foundIn(name: string, said: unknown): Found {
  if (typeof said === 'string') return { name, value: said };
  const { value, type, service, metadata, expires_at } = (asObject(said) ?? {}) as unknown as Found;
  return {
    name,
    value,
    type,
    service: service === '' ? null : service,
    metadata,
    expires_at: expires_at ?? undefined,
  };
}

function nameIn(said: unknown): string {
  const name = asObject(said)?.name;
  return typeof name === 'string' ? name : '';
}

const byName = (object: object) => Object.entries(object).map(([name, said]) => foundIn(name, said));

/** An object by name, as `export` writes it, or a list of objects with names. */
function fromJson(text: string): Found[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable('the file is no valid JSON');
  }
  if (Array.isArray(value)) return value.map(one => foundIn(nameIn(one), one));
  return byName(asObject(value) ?? {});
}

function fromVersion1(text: string, { secret, salt }: EarlierKey): Found[] {
  if (!secret)
    throw unreadable('FPAI_CREDENTIALS_KEY environment variable not set, and --key-file names no key');
  try {
    return byName(openCredentialsFile(text, secret, salt));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const hint = salt === undefined ? '; a key that comes from a text by PBKDF2 needs --salt' : '';
    throw unreadable(`Failed to decrypt vault: it was altered, or made with another key${hint}`);
  }
}

/**
 * What a file holds: a `.credentials` file of version 1, JSON, or lines of `NAME=value` as in `.env`.
 *
 * @throws ClientError when it is none of these
 */
export function recordsIn(text: string, earlier: EarlierKey): Found[] {
  const bare = text.replace(/^\ufeff/, '');
  if (isCredentialsFile(bare)) return fromVersion1(bare, earlier);
  if (/^\s*[[{]/.test(bare)) return fromJson(bare);
  const found = Object.entries(parseEnv(bare)).map(([name, value]) => ({ name, value: value ?? '' }));
  if (found.length === 0)
    throw unreadable('the file is no .credentials file, no JSON, and has no lines NAME=value');
  return found;
}
