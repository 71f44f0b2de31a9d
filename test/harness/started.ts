import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FreshDatabase, freshDatabase, testDatabase } from './database.js';
import { dumped, load } from './mariadb-dump.js';
import { environmentOf, startServer } from './server.js';

const URLS = ['url', 'keystoreUrl'] as const;

/**
 * Databases and a folder as the built server leaves them that was started there with `environmentOf` and stopped:
 * schema, keys, first administrator, head of the trail. For whom the first start is not what is tested; it happens once
 * for each worker of a run.
 */
export async function startedDatabase(): Promise<FreshDatabase> {
  const kept = join(process.env.OPSKEEP_TEST_BEGUN ?? '', process.env.JEST_WORKER_ID ?? '', 'started');
  if (!existsSync(kept)) await keepFirstStart(kept);
  const fresh = await freshDatabase();
  // The files of SQLite are among these.
  cpSync(join(kept, 'data'), fresh.data, { recursive: true });
  if (testDatabase() === 'mariadb')
    for (const name of URLS) await load(fresh[name], readFileSync(join(kept, name), 'utf8'));
  return fresh;
}

async function keepFirstStart(kept: string): Promise<void> {
  const unfinished = `${kept}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  const first = await freshDatabase();
  try {
    const server = await startServer(environmentOf(first));
    server.signal('SIGTERM');
    await server.exited;
    cpSync(first.data, join(unfinished, 'data'), { recursive: true });
    if (testDatabase() === 'mariadb')
      for (const name of URLS)
        writeFileSync(join(unfinished, name), await dumped(first[name]), { mode: 0o600 });
    renameSync(unfinished, kept);
  } finally {
    await first.drop();
  }
}
