import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { MainDatabase } from '../database/main-database.js';

/** Bytes that a folder must take: some pages of a database. */
const ROOM = Buffer.alloc(64 * 1024);
/** Milliseconds that a finding holds: whoever may ask without a token has nothing written more often. */
const GOOD_HOLDS_MS = 10_000;
const BAD_HOLDS_MS = 1_000;
const PATIENCE_MS = 1_500;

/** Whether what is told to be stored can be: data folder and database take a write, which is on the disk when this says so. */
export class DiskCheck {
  private last?: { until: number; done: Promise<void> };

  /** @param data the data folder, where `audit.head` is written */
  constructor(
    private readonly data: string,
    private readonly database: MainDatabase,
    private readonly url: string,
  ) {}

  /** A finding is told again for 10 seconds, a bad one for one. @throws what writing throws */
  check(): Promise<void> {
    if (!this.last || performance.now() > this.last.until) this.last = this.look();
    return this.last.done;
  }

  private look(): { until: number; done: Promise<void> } {
    const done = this.write();
    const look = { until: performance.now() + GOOD_HOLDS_MS, done };
    done.catch(() => (look.until = performance.now() + BAD_HOLDS_MS));
    return look;
  }

  private async write(): Promise<void> {
    const { connections } = this.database;
    const folders = [this.data];
    if (connections.dialect === 'sqlite') folders.push(dirname(this.url.slice('sqlite:'.length)));
    for (const folder of new Set(folders)) await writeInto(folder);
    // A page of SQLite; MariaDB refuses it where it takes no writes, and its disk is its own.
    await connections.commitOne("UPDATE facts SET value = value WHERE name = 'install_id'", [], PATIENCE_MS);
  }
}

async function writeInto(folder: string): Promise<void> {
  const path = join(folder, `.writable-${randomUUID()}`);
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(ROOM);
      await file.sync();
    } finally {
      await file.close();
    }
  } finally {
    await rm(path, { force: true });
  }
}
