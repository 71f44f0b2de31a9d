import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type AppSettings, Secret } from '../config/settings.js';
import { makeKeyFile, readKeyFile } from '../crypto/master-key/key-file.js';

/**
 * Outside of production a missing JWT_SECRET_KEY is made once in DATA/jwt.key (0600). Servers that start at the
 * same time read the same one, whole.
 */
export function ensureJwtSecret(settings: AppSettings, warn: (message: string) => void): void {
  if (settings.JWT_SECRET_KEY) return;
  if (settings.NODE_ENV === 'production')
    throw new Error('JWT_SECRET_KEY is not set, and production needs one');
  const path = join(settings.OPSKEEP_DATA, 'jwt.key');
  if (makeKeyFile(path, randomBytes(32).toString('hex')))
    warn(`JWT_SECRET_KEY is not set: made one in ${path}`);
  const secret = readKeyFile(path).trim();
  if (Buffer.byteLength(secret) < 32)
    throw new Error(`${path} holds less than 32 bytes: remove it, or restore it`);
  settings.JWT_SECRET_KEY = new Secret(secret);
}
