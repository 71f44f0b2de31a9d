import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const IN_MEMORY = '/dev/shm';
/** What a run may need there, in bytes. */
const ROOM = 3 * 1024 ** 3;
const NAME = /^opskeep-run-(\d+)-/;

/** In memory, where the system has room for that. */
function place() {
  if (!existsSync(IN_MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(IN_MEMORY);
  return bavail * bsize > ROOM ? IN_MEMORY : tmpdir();
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** A file system that is still mounted in it keeps no other run from beginning. */
function removeIfFree(folder) {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if (error.code !== 'EBUSY') throw error;
  }
}

/** See run-folder.d.mts, which documents this module for its users. */
export function makeRunFolder() {
  const folder = place();
  // What is left of runs that were killed.
  for (const name of readdirSync(folder)) {
    const pid = NAME.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) removeIfFree(join(folder, name));
  }
  return mkdtempSync(join(folder, `opskeep-run-${process.pid}-`));
}
