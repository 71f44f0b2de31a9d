import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';

/** Whoever works under a lock shows that it lives more often than that. */
const SILENT_MS = 120_000;

/** Whether the process that holds a lock is gone, or has been silent for too long. */
function isStale(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat || Date.now() - stat.mtimeMs > SILENT_MS) return true;
  const pid = Number(textOf(path)) || -1;
  try {
    process.kill(pid, 0);
    // Where nobody buries the dead, as in many containers, they still have their number on Linux.
    return /^\d+ \(.*\) [ZX] /s.test(textOf(`/proc/${pid}/stat`));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Shows that whoever holds the lock lives. */
export function touch(path: string): void {
  const now = new Date();
  utimesSync(path, now, now);
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
