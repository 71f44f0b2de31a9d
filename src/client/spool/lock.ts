import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';

const LONGEST_MS = 5 * 60_000;

/** Whether the process that holds a lock is gone, or has had it for too long. */
function isStale(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat || Date.now() - stat.mtimeMs > LONGEST_MS) return true;
  try {
    process.kill(Number(readFileSync(path, 'utf8')) || -1, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
}

/** Whether another process holds the lock. */
export const isHeld = (path: string) =>
  statSync(path, { throwIfNoEntry: false }) !== undefined && !isStale(path);

/**
 * Runs work that one process does at a time; undefined when another is at it. One that was killed holds nothing. Two that
 * come at the very same moment to what a third left may both run: whoever works under it has to stand that.
 */
export async function locked<T>(path: string, work: () => Promise<T>): Promise<T | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (attempt > 0 || !isStale(path)) return undefined;
      rmSync(path, { force: true });
    }
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}
