import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const ROOT = process.cwd();
// Inside of the project, so that its packages are found.
const FOLDER = join(ROOT, 'test-output', 'server');
const STAMP = join(FOLDER, 'stamp');
const LOCK = join(ROOT, 'test-output', 'server.lock');
const STALE_MS = 60_000;

function newest(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);
}

function fresh(): boolean {
  const changed = Math.max(newest(join(ROOT, 'src')), newest(join(ROOT, 'migrations')));
  return existsSync(STAMP) && statSync(STAMP).mtimeMs >= changed;
}

async function locked(work: () => Promise<void>): Promise<void> {
  mkdirSync(join(ROOT, 'test-output'), { recursive: true });
  for (;;) {
    try {
      mkdirSync(LOCK);
      break;
    } catch {
      // A run that was killed leaves its lock behind.
      if (existsSync(LOCK) && Date.now() - statSync(LOCK).mtimeMs > STALE_MS)
        rmSync(LOCK, { recursive: true });
      await sleep(100);
    }
  }
  try {
    await work();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

/** Compiles the server as `npm run build` does, into a folder of the tests' own; answers with that folder. */
export async function buildServer(): Promise<string> {
  await locked(async () => {
    if (fresh()) return;
    const began = new Date();
    const args = ['-p', 'tsconfig.build.json', '--noCheck', '--incremental', 'false', '--outDir', FOLDER];
    await promisify(execFile)(
      process.execPath,
      [join(ROOT, 'node_modules/typescript/bin/tsc'), ...args, '--tsBuildInfoFile', 'null'],
      { cwd: ROOT },
    );
    writeFileSync(STAMP, '');
    utimesSync(STAMP, began, began);
  });
  return FOLDER;
}
