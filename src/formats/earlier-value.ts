import { openBytes } from './aes-gcm.js';
import { openFernet } from './fernet.js';
import { FormatError } from './format-error.js';
import { parseKeyText } from './key-text.js';
import { getPoolKey } from './pool-key.js';
import { userKeyData } from './user-key.js';
import { decodeUtf8 } from './utf8.js';
import { decrypt } from './v2.js';

const NO_DATA = Buffer.alloc(0);

/** What an earlier system's key stands for when it is written down: 64 hex digits, or base64url of 32 bytes. */
export function parseEarlierKey(text: string): Buffer {
  return parseKeyText(text.trim());
}

/** Whether a value says of itself that an earlier system encrypted it. */
export const isEarlierToken = (text: string) => text.startsWith('v2:') || text.startsWith('gAAAA');

/**
 * Opens a value of earlier systems: `v2:`, else Fernet. A value under another key and one that was altered look alike.
 *
 * @param key 32 bytes
 * @throws Error "Failed to decrypt data" when it is malformed or not authentic
 */
export function openEarlierValue(token: string, key: Uint8Array): string {
  if (token.startsWith('v2:')) return decrypt(token, key);
  try {
    return decodeUtf8(openFernet(key, token));
  } catch (cause) {
    throw new Error('Failed to decrypt data', { cause });
  }
}

/** The same of a value without the prefix `v2:`; undefined where the key does not open it. */
export function openUnmarked(text: string, key: Uint8Array): string | undefined {
  try {
    return decrypt(text, key);
  } catch {
    return undefined;
  }
}

/**
 * Opens a user's key of earlier systems: nonce 12 | key 32 | tag 16, AES-256-GCM under the master key, without
 * associated data or, as `opskeep/crypto` wraps it, bound to the user.
 *
 * @throws FormatError when it is malformed, or was wrapped by another master key
 */
export function unwrapEarlierKey(masterKey: Uint8Array, userId: string, wrapped: Uint8Array): Buffer {
  for (const data of [NO_DATA, userKeyData(userId)])
    try {
      const key = openBytes(masterKey, data, wrapped);
      if (key.length === masterKey.length) return key;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
  throw new FormatError('Not a key under this master key');
}

/** The key of what belongs to no user. @param masterKey 32 bytes @throws TypeError for an empty salt */
export function earlierPoolKey(masterKey: Uint8Array, salt: string): Buffer {
  return getPoolKey(masterKey, salt);
}
