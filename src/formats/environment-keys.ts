import { isPublishedKey, parseKeyText } from './key-text.js';
import { keyBytes } from './v2.js';

// The contract of opskeep/crypto is to read these two from the environment of the program that uses it; the
// server reads its settings in core/config and calls nothing of this file.

/** @throws Error "Invalid encryption key…" when `ENCRYPTION_KEY` is missing or not 64 hex digits */
export function encryptionKeyFromEnvironment(): Uint8Array {
  const text = process.env.ENCRYPTION_KEY;
  if (!text) throw new Error('Invalid encryption key: ENCRYPTION_KEY environment variable not set');
  return keyBytes(text.trim());
}

/** 32 bytes from `API_KEY_MASTER_KEY` (url-safe base64 or 64 hex), or null with a warning. */
export function resolveMasterKey(): Buffer | null {
  const text = process.env.API_KEY_MASTER_KEY?.trim();
  if (!text) return refuse('is not set');
  try {
    const key = parseKeyText(text);
    return isPublishedKey(key) ? refuse('is printed in public documents') : key;
  } catch {
    return refuse('is not 32 bytes as url-safe base64');
  }
}

function refuse(reason: string): null {
  console.warn(`API_KEY_MASTER_KEY ${reason}: there is no master key`);
  return null;
}
