import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FreshDatabase, testDatabase } from './database.js';

const FILES = ['opskeep.sqlite', 'keystore.sqlite'];
/** Settings that a first start uses up. */
const OF_THE_FIRST_START = /^(OPSKEEP_ADMIN_|API_KEY_MASTER_KEY)/;

/**
 * Puts the outcome of a first start (schema, first administrator) into SQLite files that are empty so far, and answers
 * with the master key that belongs to it. The first start itself happens once for each worker of a run, by `firstStart`;
 * on MariaDB, and with settings of its own for it, everybody has a real one.
 */
export async function begun(
  fresh: FreshDatabase,
  settings: Record<string, string>,
  firstStart: (data: string, masterKey: string) => Promise<void>,
): Promise<string> {
  const folder = process.env.OPSKEEP_TEST_BEGUN;
  const own = Object.keys(settings).some(name => OF_THE_FIRST_START.test(name));
  if (!folder || own || testDatabase() !== 'sqlite') return newKey();
  const data = join(folder, process.env.JEST_WORKER_ID ?? '');
  const key = join(data, 'key');
  if (!existsSync(key)) {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    const made = newKey();
    await firstStart(data, made);
    writeFileSync(key, made, { mode: 0o600 });
  }
  for (const name of FILES) copyFileSync(join(data, name), join(fresh.data, name));
  return readFileSync(key, 'utf8');
}

const newKey = () => randomBytes(32).toString('hex');
