import { linkSync, readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ClientError } from '../cli/errors.js';
import { ioFault } from './faults.js';
import { type Holder, isGone, ownHolder, readHolder } from './lock-holder.js';

// One process at a time works on a vault. The lock is a file that names its holder and appears whole, by a link, so that
// one whose holder was killed is told apart from one that is in use. Taking such a one away is itself done by one process
// at a time, whose mark is a file named by what it takes away: a lock that somebody else has made meanwhile has another
// name and stays.

const PATIENCE_MS = 30_000;
const PAUSE_MS = 15;
const MOST_MARKS = 64;

const pause = () => new Promise(resolve => setTimeout(resolve, PAUSE_MS * (0.5 + Math.random())));

/** Removes a file that may be gone. */
function removed(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** A file that names this process, and becomes lock and mark by links: these appear whole. */
class Token {
  readonly holder = ownHolder();
  readonly path: string;

  constructor(private readonly lock: string) {
    this.path = `${lock}.${this.holder.nonce}`;
    this.write();
  }

  private write(): void {
    try {
      writeFileSync(this.path, JSON.stringify(this.holder), { mode: 0o600 });
    } catch (error) {
      removed(this.path);
      throw ioFault(`${this.lock} cannot be made`, error);
    }
  }

  /** Whether the link could be made; false when something has that name already. */
  link(to: string): boolean {
    for (let attempt = 0; ; attempt++) {
      try {
        linkSync(this.path, to);
        return true;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EEXIST') return false;
        if (code !== 'ENOENT' || attempt > 9) throw ioFault(`${to} cannot be made`, error);
        // Who sweeps takes what is not yet written for what a killed process left.
        this.write();
      }
    }
  }
}

/** Takes away the lock of a process that is gone; does nothing when another live process is at it. */
function takeAway(lock: string, gone: Holder, own: Token): void {
  for (let n = 0; n < MOST_MARKS; n++) {
    const mark = `${lock}.${gone.nonce}.${n}`;
    if (!own.link(mark)) {
      const other = readHolder(mark);
      if (!other || !isGone(mark, other)) return;
      continue;
    }
    // Only whoever has the mark takes this lock away, so it cannot become another between the two.
    if (readHolder(lock)?.nonce === gone.nonce) removed(lock);
    for (let at = n; at >= 0; at--) removed(`${lock}.${gone.nonce}.${at}`);
    return;
  }
}

/** Removes what killed processes left beside the lock. */
export function sweep(lock: string): void {
  for (const name of readdirSync(dirname(lock))) {
    if (!name.startsWith(`${basename(lock)}.`)) continue;
    const path = join(dirname(lock), name);
    const holder = readHolder(path);
    if (!holder || isGone(path, holder)) removed(path);
  }
}

/** The lock, while work is done under it. */
export interface Lease {
  /** Whether it is still ours: a process that slept for minutes may have lost it. */
  isHeld(): boolean;
}

/**
 * Runs work that one process does at a time; others wait for half a minute.
 *
 * @param lock path of the lock file, in a folder that is there
 */
export async function locked<T>(lock: string, work: (lease: Lease) => T | Promise<T>): Promise<T> {
  const own = new Token(lock);
  try {
    await taken(lock, own);
    const isHeld = () => readHolder(lock)?.nonce === own.holder.nonce;
    try {
      return await work({ isHeld });
    } finally {
      if (isHeld()) removed(lock);
    }
  } finally {
    removed(own.path);
  }
}

async function taken(lock: string, own: Token): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; !own.link(lock);) {
    const other = readHolder(lock);
    if (other && isGone(lock, other)) takeAway(lock, other, own);
    else if (Date.now() > deadline)
      throw new ClientError(`Another process (${other?.pid}) holds the lock ${lock}`, 1, 'locked');
    else await pause();
  }
}
