import { hmacSha256 } from '../../../formats/derivation.js';

/** The keys of one vault, each for one purpose, from the one key that opens it. */
export interface VaultKeys {
  /** Names the key, and tells nothing of it: 16 hex digits. */
  id: string;
  seal: Buffer;
  mac: Buffer;
  audit: Buffer;
}

export function keyId(key: Uint8Array): string {
  return hmacSha256(key, 'opskeep/vault/key-id').toString('hex').slice(0, 16);
}

/**
 * Derived by HMAC-SHA256, as a pseudorandom function of a key that is random already (NIST SP 800-108).
 *
 * @param key 32 bytes
 * @param salt of the vault: two vaults under one key share nothing
 */
export function vaultKeys(key: Uint8Array, salt: Uint8Array): VaultKeys {
  const root = hmacSha256(key, salt);
  const derived = (purpose: string) => hmacSha256(root, `opskeep/vault/${purpose}`);
  return { id: keyId(key), seal: derived('seal'), mac: derived('mac'), audit: derived('audit') };
}
