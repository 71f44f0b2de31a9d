import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppSettings, Secret } from '../config/settings.js';

/** Outside of production a missing JWT_SECRET_KEY is made once in DATA/jwt.key (0600). */
export function ensureJwtSecret(settings: AppSettings, warn: (message: string) => void): void {
  if (settings.JWT_SECRET_KEY) return;
  const path = join(settings.OPSKEEP_DATA, 'jwt.key');
  try {
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
    warn(`JWT_SECRET_KEY is not set: made one in ${path}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  settings.JWT_SECRET_KEY = new Secret(readFileSync(path, 'utf8').trim());
}
