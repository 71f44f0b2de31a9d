import { decodeBase64url } from '../../../formats/base64url.js';
import { asObject } from '../../private-files.js';

/** How the key comes from what the user has: `none` is the key itself, `argon2id` a passphrase (RFC 9106). */
export type Kdf =
  | { name: 'none' }
  | {
      name: 'argon2id';
      /** In KiB. */
      memory: number;
      passes: number;
      lanes: number;
    };

/** The first line of a vault, in the clear. */
export interface Header {
  format: 'opskeep-vault';
  version: 2;
  /** Of the vault: 16 hex digits. */
  id: string;
  kdf: Kdf;
  /** 16 bytes as base64url, for the passphrase and for the keys of this vault. */
  salt: string;
  key_id: string;
  created_at: string;
}

const MOST_BYTES = 4_096;
/** What a header may ask of the machine before anything is authentic. */
const MOST = { memory: 1 << 20, passes: 16, lanes: 16 };

function isKdf(value: unknown): value is Kdf {
  const kdf = asObject(value) ?? {};
  if (kdf.name === 'none') return true;
  const within = (name: keyof typeof MOST) =>
    Number.isInteger(kdf[name]) && Number(kdf[name]) >= 1 && Number(kdf[name]) <= MOST[name];
  return kdf.name === 'argon2id' && within('memory') && within('passes') && within('lanes');
}

function isSalt(value: unknown): boolean {
  try {
    return typeof value === 'string' && decodeBase64url(value).length === 16;
  } catch {
    return false;
  }
}

const isHex = (value: unknown) => typeof value === 'string' && /^[0-9a-f]{16}$/.test(value);

/** The header of a vault; undefined when these bytes are none of version 2. */
export function parseHeader(bytes: Buffer): Header | undefined {
  const end = bytes.subarray(0, MOST_BYTES).indexOf('\n');
  if (end === -1) return undefined;
  try {
    const value = asObject(JSON.parse(bytes.toString('utf8', 0, end))) ?? {};
    const fits = value.format === 'opskeep-vault' && value.version === 2 && isKdf(value.kdf);
    return fits && isHex(value.id) && isHex(value.key_id) && isSalt(value.salt)
      ? (value as unknown as Header)
      : undefined;
  } catch {
    return undefined;
  }
}
