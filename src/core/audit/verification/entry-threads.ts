import type { KeyRing } from '../../crypto/key-ring.js';
import { OpeningError } from '../../crypto/opening-error.js';
import type { Connections } from '../../database/sql.js';
import { WorkerThread } from '../../workers/worker-thread.js';
import {
  type CheckedEntries,
  type CheckTask,
  LINE_SHAPE,
  linesSql,
  type ThreadStart,
} from './entry-lines.js';

interface Tasks {
  check: { input: CheckTask; output: CheckedEntries };
}

const LIMIT_MS = 20_000;
/** Entries from which on a second thread is worth its start. */
const MANY = 20_000;

/** What may be read of the database: what is committed. */
export type Reading = Pick<Connections, 'dialect' | 'reader' | 'scanner' | 'file'>;

/** Looks at entries beside the event loop, which serves everybody else meanwhile. */
export class EntryThreads {
  private readonly threads: WorkerThread<Tasks>[];
  private turn = 0;

  private constructor(
    private readonly connections: Reading,
    private readonly keys: ReadonlyMap<number, Uint8Array>,
    size: number,
  ) {
    const { dialect, file } = connections;
    const start: ThreadStart = { shape: LINE_SHAPE, reads: file && { ...file, text: linesSql(dialect) } };
    const script = new URL('./entry-thread.mjs', import.meta.url);
    this.threads = Array.from({ length: size < MANY ? 1 : 2 }, () => new WorkerThread(script, start));
  }

  /**
   * Lends the keys of MACs, in memory that it shares with the threads and wipes, until the work is done.
   *
   * @param size how many entries there are about
   * @throws UnavailableError when the keystore is away
   */
  static async during<T>(
    connections: Reading,
    keys: KeyRing,
    size: number,
    work: (threads: EntryThreads) => Promise<T>,
  ): Promise<T> {
    const lent = new Map<number, Uint8Array>();
    let threads: EntryThreads | undefined;
    try {
      for (const version of await keys.systemVersionsOf('audit-mac')) await lend(keys, version, lent);
      threads = new EntryThreads(connections, lent, size);
      return await work(threads);
    } finally {
      await Promise.all(threads?.threads.map(one => one.close()) ?? []);
      for (const key of lent.values()) key.fill(0);
    }
  }

  /** @param from how many entries stand before the first of the `count` places */
  async check(from: number, count: number): Promise<CheckedEntries> {
    const thread = this.threads[this.turn++ % this.threads.length]!;
    const lines = this.connections.file ? undefined : await this.read(from, count);
    return thread.run('check', { from, count, lines, keys: this.keys }, LIMIT_MS);
  }

  private async read(from: number, count: number): Promise<string[]> {
    const text = linesSql(this.connections.dialect);
    const rows = await this.connections.scanner.select<{ line: string | Buffer }>(text, [from, from + count]);
    return rows.map(row => String(row.line));
  }
}

/** A key that is not there, or does not open, is told with the entries under it. */
async function lend(keys: KeyRing, version: number, to: Map<number, Uint8Array>): Promise<void> {
  try {
    await keys.useSystem('audit-mac', version, key => {
      const shared = new Uint8Array(new SharedArrayBuffer(key.length));
      shared.set(key);
      to.set(version, shared);
    });
  } catch (error) {
    if (!(error instanceof OpeningError)) throw error;
  }
}
