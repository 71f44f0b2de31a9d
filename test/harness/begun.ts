import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FreshDatabase, freshDatabase, testDatabase } from './database.js';
import { dumped, load } from './mariadb-dump.js';
import type { StartOptions } from '../app.js';

/** Settings that a first start uses up. */
const OF_THE_FIRST_START = /^(OPSKEEP_ADMIN_|API_KEY_MASTER_KEY)/;
const URLS = ['url', 'keystoreUrl'] as const;

/**
 * Puts the outcome of a first start (schema, first administrator) into databases that are empty so far, and answers with
 * the master key that belongs to it. The first start itself happens once for each worker of a run, by `firstStart`; with
 * settings of its own for it, and in earnest, everybody has a real one.
 */
export async function begun(
  fresh: FreshDatabase,
  { settings = {}, inEarnest }: StartOptions,
  firstStart: (fresh: FreshDatabase, masterKey: string) => Promise<void>,
): Promise<string> {
  const folder = process.env.OPSKEEP_TEST_BEGUN;
  const own = Object.keys(settings).some(name => OF_THE_FIRST_START.test(name));
  if (!folder || own || inEarnest) return newKey();
  const kept = join(folder, process.env.JEST_WORKER_ID ?? '');
  const key = join(kept, 'key');
  if (!existsSync(key)) {
    mkdirSync(kept, { recursive: true, mode: 0o700 });
    const made = newKey();
    const first = await freshDatabase();
    await firstStart(first, made);
    for (const name of URLS) await keep(first[name], join(kept, name));
    await first.drop();
    writeFileSync(key, made, { mode: 0o600 });
  }
  for (const name of URLS) await bring(join(kept, name), fresh[name]);
  return readFileSync(key, 'utf8');
}

const fileOf = (url: string) => url.slice('sqlite:'.length);

async function keep(url: string, file: string): Promise<void> {
  if (testDatabase() === 'sqlite') copyFileSync(fileOf(url), file);
  else writeFileSync(file, await dumped(url), { mode: 0o600 });
}

async function bring(file: string, url: string): Promise<void> {
  if (testDatabase() === 'sqlite') copyFileSync(file, fileOf(url));
  else await load(url, readFileSync(file, 'utf8'));
}

const newKey = () => randomBytes(32).toString('hex');
