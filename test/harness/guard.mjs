import { rmSync } from 'node:fs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Folder of each server which is not stopped yet, and its process once there is one. */
const alive = new Map();

function sweep() {
  for (const [folder, child] of alive) {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  }
  alive.clear();
}

function interrupted(name) {
  sweep();
  unhook();
  // Nobody else handles it: die of the signal, as without this handler.
  if (process.listenerCount(name) === 0) process.kill(process.pid, name);
}

function unhook() {
  process.off('exit', sweep);
  for (const name of SIGNALS) process.off(name, interrupted);
}

/** Ends the child and removes the folder should this process end before {@link forget}. */
export function guard(folder, child) {
  if (alive.size === 0) {
    process.on('exit', sweep);
    for (const name of SIGNALS) process.on(name, interrupted);
  }
  alive.set(folder, child);
}

/** The folder's server was stopped properly: no longer of interest. */
export function forget(folder) {
  alive.delete(folder);
  if (alive.size === 0) unhook();
}
