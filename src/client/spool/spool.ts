import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { asObject, privateFolder, writeWhole } from '../private-files.js';
import type { MemoryEvent } from './event.js';

/** An event that waits: `<when>-<key>.<tries>.json`. */
export interface Waiting {
  name: string;
  /** How often the server failed to take it. */
  tries: number;
  /** When it is tried next, in milliseconds since 1970. */
  due: number;
}

const NAME = /^[0-9a-z]+-[\w.:-]{1,128}\.(\d+)\.json$/;
const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 3_600_000;
/** After so many tries an event is put aside. */
const MOST_TRIES = 10;
const LEFT_OVER_MS = 3_600_000;

const waitAfter = (tries: number) => Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS);

/**
 * Events on their way to the server, each a file of its own that appears as a whole or not at all: what is in here
 * survives the end of every process, however it came. A folder below that of their server, for this user alone.
 */
export class Spool {
  readonly folder: string;
  /** What the server would not take, with its file as it was. */
  readonly failed: string;

  /** @param server the folder of the server */
  constructor(server: string) {
    this.folder = join(server, 'spool');
    this.failed = join(this.folder, 'failed');
  }

  /** @throws Error of the file system: nothing was written then */
  put(event: MemoryEvent, now = Date.now()): void {
    privateFolder(this.folder);
    writeWhole(join(this.folder, `${now.toString(36)}-${inName(event.key)}.0.json`), JSON.stringify(event));
  }

  /** The oldest first. */
  waiting(now = Date.now()): Waiting[] {
    const found: Waiting[] = [];
    for (const name of namesIn(this.folder)) {
      const tries = NAME.exec(name)?.[1];
      if (tries !== undefined)
        found.push({ name, tries: Number(tries), due: this.dueOf(name, Number(tries)) });
      else if (name.endsWith('.tmp')) this.forgetOld(name, now);
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Whether an event of that key waits. */
  has(key: string): boolean {
    return this.waiting().some(one => one.name.includes(inName(key)));
  }

  /** Undefined when it is gone or no event. */
  read({ name }: Waiting): MemoryEvent | undefined {
    try {
      const value = asObject(JSON.parse(readFileSync(join(this.folder, name), 'utf8')));
      return typeof value?.key === 'string' ? (value as unknown as MemoryEvent) : undefined;
    } catch {
      return undefined;
    }
  }

  done({ name }: Waiting): void {
    rmSync(join(this.folder, name), { force: true });
  }

  /** Counts a try, after which it waits longer; `true` when it was the last, and the event was put aside. */
  again(one: Waiting): boolean {
    const tries = one.tries + 1;
    if (tries >= MOST_TRIES) return this.putAside(one);
    const next = join(this.folder, one.name.replace(/\.\d+\.json$/, `.${tries}.json`));
    renameSync(join(this.folder, one.name), next);
    const now = new Date();
    utimesSync(next, now, now);
    return false;
  }

  putAside({ name }: Waiting): true {
    mkdirSync(this.failed, { recursive: true, mode: 0o700 });
    renameSync(join(this.folder, name), join(this.failed, name));
    return true;
  }

  /** How many were put aside. */
  countFailed(): number {
    return namesIn(this.failed).filter(name => NAME.test(name)).length;
  }

  /** Everything that was put aside waits again, as if it were new; answers with how many. */
  retryFailed(): number {
    const names = namesIn(this.failed).filter(name => NAME.test(name));
    for (const name of names)
      renameSync(join(this.failed, name), join(this.folder, name.replace(/\.\d+\.json$/, '.0.json')));
    return names.length;
  }

  private dueOf(name: string, tries: number): number {
    if (tries === 0) return 0;
    const stat = statSync(join(this.folder, name), { throwIfNoEntry: false });
    return (stat?.mtimeMs ?? 0) + waitAfter(tries);
  }

  /** What a process left that was killed while it wrote. */
  private forgetOld(name: string, now: number): void {
    const path = join(this.folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat && now - stat.mtimeMs > LEFT_OVER_MS) rmSync(path, { force: true });
  }
}

/** Windows has no colons in names. */
const inName = (key: string) => key.replaceAll(':', '_');

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
