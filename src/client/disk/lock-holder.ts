import { randomBytes } from 'node:crypto';
import { closeSync, lstatSync, openSync, readlinkSync, readSync } from 'node:fs';
import { readObject } from '../private-files.js';

/** Who holds a lock. */
export interface Holder {
  pid: number;
  /** When the process started, as Linux counts it: a number that is used again is told apart. */
  start: string;
  /** Where there is /proc, as the rest: elsewhere a vault is taken to be used on one machine. */
  host: string;
  /** Of the host: another after it was started anew. */
  boot: string;
  /** The namespace in which the number counts: containers have their own. */
  space: string;
  nonce: string;
}

/** Nobody holds a lock for so long; the only thing to go by where the process is on another machine or in a container. */
const FOREIGN_MS = 120_000;

/** A short file of /proc at once: their sizes are unknown, and to ask for them takes longer. */
function readProc(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(1_024);
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
}

function textOf(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}

/** Start and state (field 22 and 3 of proc(5)); empty elsewhere, or when the process is gone. */
function processOf(pid: number): { start: string; state: string } {
  const stat = textOf(() => readProc(`/proc/${pid}/stat`));
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { start: fields[19] ?? '', state: fields[0] ?? '' };
}

/** This process, for one time that it holds a lock. */
export function ownHolder(): Holder {
  return {
    pid: process.pid,
    start: processOf(process.pid).start,
    host: textOf(() => readProc('/proc/sys/kernel/hostname')),
    boot: textOf(() => readProc('/proc/sys/kernel/random/boot_id')),
    space: textOf(() => readlinkSync('/proc/self/ns/pid')),
    nonce: randomBytes(12).toString('hex'),
  };
}

/** Who is named in a lock file; undefined when it is gone. */
export function readHolder(path: string): Holder | undefined {
  const holder = readObject(path);
  return typeof holder?.nonce === 'string' ? (holder as unknown as Holder) : undefined;
}

/** Whether a process is known to be gone: one that may live keeps its lock. */
export function isGone(path: string, holder: Holder): boolean {
  const own = ownHolder();
  if (holder.host === own.host && holder.boot === own.boot && holder.space === own.space) {
    const { start, state } = processOf(holder.pid);
    // Where nobody buries the dead, as in many containers, they still have their number.
    if (state !== '') return start !== holder.start || state === 'Z' || state === 'X';
    try {
      process.kill(holder.pid, 0);
      return false;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ESRCH';
    }
  }
  if (holder.host === own.host && holder.boot !== own.boot) return true;
  return Date.now() - (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > FOREIGN_MS;
}
