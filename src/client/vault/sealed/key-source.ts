import { join } from 'node:path';
import { decodeBase64url } from '../../../formats/base64url.js';
import { parseKeyText } from '../../../formats/key-text.js';
import { encodeUtf8 } from '../../../formats/utf8.js';
import { ClientError, EXIT } from '../../cli/errors.js';
import { type Surroundings, surroundings } from '../../environment.js';
import { foldersOf } from '../../folders.js';
import { noKey } from '../faults.js';
import { readGuarded } from '../../disk/guarded-files.js';
import type { Header, Kdf } from './header.js';

/** What opens a vault, where it is not taken from the environment and the key file. */
export interface GivenKey {
  /** 64 hex digits, or url-safe base64 of 32 bytes. */
  key?: string;
  passphrase?: string;
  /** Asks for the passphrase; undefined when there is nobody to ask. */
  ask?: (question: string) => Promise<string | undefined>;
}

/** Where the key is when the environment does not have it: its text, or a passphrase, on one line. */
export const keyFile = (around: Surroundings = surroundings()) =>
  around.variable('OPSKEEP_VAULT_KEY_FILE') ?? join(foldersOf(around).config, 'vault.key');

/** @throws ClientError for what is no key of 32 bytes */
export function parseKey(text: string, where: string): Buffer {
  let key: Buffer;
  try {
    key = parseKeyText(text.trim());
  } catch {
    const forms = '64 hex digits or url-safe base64 of 32 bytes';
    throw new ClientError(`Invalid encryption key: ${where} must hold ${forms}`, EXIT.failed, 'key_invalid');
  }
  return key;
}

const lineOf = (bytes: Buffer) => bytes.toString('utf8').replace(/\r?\n$/, '');

/** The key from the environment or from the key file; undefined when there is neither. */
export function keyAtHand(around: Surroundings = surroundings()): Buffer | undefined {
  const text = around.variable('FPAI_CREDENTIALS_KEY');
  if (text !== undefined) return parseKey(text, 'FPAI_CREDENTIALS_KEY');
  const path = keyFile(around);
  const bytes = readGuarded(path);
  return bytes && parseKey(lineOf(bytes), path);
}

/** The passphrase in the file that the environment names. The usual key file holds the key of another vault. */
function passphraseAtHand({ variable } = surroundings()): string | undefined {
  const path = variable('OPSKEEP_VAULT_KEY_FILE');
  const bytes = path === undefined ? undefined : readGuarded(path);
  return bytes && lineOf(bytes);
}

/** 32 bytes from a passphrase: Argon2id (RFC 9106). The package is loaded for those alone who use one. */
export async function keyFromPassphrase(
  passphrase: string,
  kdf: Exclude<Kdf, { name: 'none' }>,
  salt: Buffer,
): Promise<Buffer> {
  const { argon2id, hash } = (await import('argon2')).default;
  const { memory, passes, lanes } = kdf;
  return hash(encodeUtf8(passphrase), {
    ...{ raw: true, salt, type: argon2id, hashLength: 32 },
    ...{ memoryCost: memory, timeCost: passes, parallelism: lanes },
  });
}

/** The key that a vault asks for. */
export async function keyOf({ kdf, salt }: Pick<Header, 'kdf' | 'salt'>, given: GivenKey): Promise<Buffer> {
  if (kdf.name === 'none') {
    const key = given.key === undefined ? keyAtHand() : parseKey(given.key, 'the key that was given');
    if (!key) throw noKey(`and there is no key file ${keyFile()}`);
    return key;
  }
  const passphrase = given.passphrase ?? passphraseAtHand() ?? (await given.ask?.('Passphrase: '));
  if (!passphrase)
    throw new ClientError(
      `The vault has a passphrase: type it at a terminal, or name a file that holds it in OPSKEEP_VAULT_KEY_FILE`,
      EXIT.failed,
      'key_missing',
    );
  return keyFromPassphrase(passphrase, kdf, decodeBase64url(salt));
}
