import { hostname } from 'node:os';
import { v7 } from 'uuid';
import { UnavailableError } from '../../context/errors.js';
import { databaseTime } from '../../database/database-time.js';
import type { Dialect } from '../../database/sql.js';
import { decodeMoment } from '../../database/values.js';
import { Periodic } from '../../workers/periodic.js';
import type { MasterKeys } from '../master-key/master-key-set.js';
import type { Keystore } from './keystore.js';
import type { KeystoreProcess } from './process.entity.js';

/** How often a process looks whether a rotation waits for it, in milliseconds. */
const LOOK_MS = 2_000;
/** How often it says that it lives: with every so many looks. */
const LOOKS_PER_BEAT = 5;
/** Seconds without a word after which a process counts as gone. */
const GONE_SECONDS = 30;

const isLive = (dialect: Dialect) => `seen_at > ${databaseTime(dialect, GONE_SECONDS)}`;

export type LiveProcess = Omit<KeystoreProcess, 'kek_ids'> & { kek_ids: string[] };

/** The processes that have this keystore open, as far as they have said so within the last half minute. */
export async function liveProcesses(keystore: Keystore): Promise<LiveProcess[]> {
  const rows = await keystore.select<KeystoreProcess>(
    `SELECT id, host, pid, kek_ids, wanted_kek_id, started_at, seen_at FROM processes
     WHERE ${isLive(keystore.dialect)} ORDER BY started_at, id`,
  );
  return rows.map(row => ({
    ...row,
    kek_ids: row.kek_ids.split(','),
    started_at: decodeMoment(row.started_at),
    seen_at: decodeMoment(row.seen_at),
  }));
}

/**
 * Says in the keystore that this process lives, and which master keys it holds, until it leaves. When a rotation asks
 * for a master key that is not at hand, its source is read again.
 */
export class Presence {
  private readonly id = v7();
  /** A keystore that is away is asked again the next time. */
  private readonly periodic = new Periodic(() => this.look(), { every: LOOK_MS });
  private told = '';
  private looks = 0;

  private constructor(
    private readonly keystore: Keystore,
    private readonly masterKeys: MasterKeys,
  ) {}

  static async begin(keystore: Keystore, masterKeys: MasterKeys): Promise<Presence> {
    const presence = new Presence(keystore, masterKeys);
    try {
      await presence.enter();
    } catch (error) {
      // A keystore that cannot be written, on a full disk, say: no rotation is possible either, until it can.
      if (!(error instanceof UnavailableError)) throw error;
    }
    presence.periodic.start();
    return presence;
  }

  async end(): Promise<void> {
    await this.periodic.end();
    // A row that stays behind ages.
    await this.keystore.change('DELETE FROM processes WHERE id = ?', [this.id]).catch(() => undefined);
  }

  /** Has every process look for this master key, as long as this one lives. */
  async want(kek_id: string): Promise<void> {
    const text = 'UPDATE processes SET wanted_kek_id = ? WHERE id = ?';
    if ((await this.keystore.change(text, [kek_id, this.id])) === 0)
      throw new Error('This process is not known to the keystore any more; start it again');
  }

  private async enter(): Promise<void> {
    const time = databaseTime(this.keystore.dialect);
    await this.keystore.transact(async one => {
      await one.change(
        `DELETE FROM processes WHERE seen_at < ${databaseTime(this.keystore.dialect, 10 * GONE_SECONDS)}`,
      );
      await one.change(
        `INSERT INTO processes (id, host, pid, kek_ids, started_at, seen_at) VALUES (?, ?, ?, ?, ${time}, ${time})`,
        [this.id, hostname().slice(0, 255), process.pid, this.held()],
      );
    });
    this.told = this.held();
  }

  private held(): string {
    return this.masterKeys.ids.join(',');
  }

  private async look(): Promise<void> {
    if (!this.keystore.dataSource.isInitialized) return this.periodic.pause();
    const wanted = await this.keystore.select<{ id: string }>(
      `SELECT DISTINCT wanted_kek_id AS id FROM processes
       WHERE wanted_kek_id IS NOT NULL AND ${isLive(this.keystore.dialect)}`,
    );
    for (const { id } of wanted) await this.masterKeys.reach(id);
    this.looks++;
    if (this.looks % LOOKS_PER_BEAT !== 0 && this.told === this.held()) return;
    const held = this.held();
    const time = databaseTime(this.keystore.dialect);
    const known = await this.keystore.change(
      `UPDATE processes SET seen_at = ${time}, kek_ids = ? WHERE id = ?`,
      [held, this.id],
    );
    if (known === 0) await this.enter();
    this.told = held;
  }
}
