import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Keystore } from '../crypto/keystore/keystore.js';
import { KeyRing } from '../crypto/key-ring.js';
import { MainDatabase } from '../database/main-database.js';
import { migrationStatus } from '../database/migrate.js';
import { AppSettings } from '../config/settings.js';
import { Logger } from '../context/logger.js';
import { DiskCheck } from './disk-check.js';

const CHECK_MS = 2_000;

type State = 'ok' | 'failed';
type Checks = Record<'database' | 'keystore' | 'migrations' | 'audit' | 'disk', State>;

/** Whether the process can serve, and what is missing. */
@Injectable()
export class Readiness {
  private readonly disk: DiskCheck;

  constructor(
    private readonly database: MainDatabase,
    private readonly keystore: Keystore,
    private readonly keys: KeyRing,
    private readonly logger: Logger,
    { OPSKEEP_DATA, DATABASE_URL }: AppSettings,
  ) {
    this.disk = new DiskCheck(OPSKEEP_DATA, database, DATABASE_URL.reveal());
  }

  async check(): Promise<{ isReady: boolean; checks: Checks }> {
    const [database, keystore, migrations, audit, disk] = await Promise.all([
      this.stateOf(() => this.database.connections.ping()),
      this.stateOf(() => this.keystore.connections.ping()),
      this.stateOf(async () => {
        const status = await migrationStatus(this.database);
        if (status.some(one => !one.done)) throw new Error('Migrations are pending');
      }),
      this.stateOf(async () => {
        await this.keys.systemKey('audit-mac');
        await this.database.connections.reader.select('SELECT n FROM journal ORDER BY n DESC LIMIT 1');
      }),
      this.stateOf(() => this.disk.check()),
    ]);
    const checks = { database, keystore, migrations, audit, disk };
    return { isReady: Object.values(checks).every(state => state === 'ok'), checks };
  }

  /** What does not answer in time cannot serve either. */
  private async stateOf(work: () => Promise<unknown>): Promise<State> {
    try {
      const late = sleep(CHECK_MS, 'late', { ref: false });
      if ((await Promise.race([work(), late])) === 'late') throw new Error('No answer in time');
      return 'ok';
    } catch (error) {
      this.logger.warn({ err: error }, 'a readiness check failed');
      return 'failed';
    }
  }
}
