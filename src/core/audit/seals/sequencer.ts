import { Injectable, OnApplicationShutdown } from '@nestjs/common';
import { systemActor } from '../../context/actor.js';
import { runAs } from '../../context/request-context.js';
import { AppSettings } from '../../config/settings.js';
import { Logger } from '../../context/logger.js';
import { isConnectionLost, isRetryable } from '../../database/database-errors.js';
import { UNHURRIED } from '../../database/writer-line.js';
import { backOff } from '../../database/transact.js';
import { MainDatabase } from '../../database/main-database.js';
import { DelayedTask } from '../../workers/delayed-task.js';
import { Periodic } from '../../workers/periodic.js';
import { HeadCommand } from './head-command.js';
import { HeadFile } from './head-file.js';
import { OvertakenError, sealBatch, type Sealed } from './seal-batch.js';
import { SealKeys } from './seal-keys.js';
import { TrustedHead } from './trusted-head.js';

/** Entries of one batch. On SQLite everybody else waits for the transaction, which shall take 50 ms at most. */
const MOST = { sqlite: 500, mariadb: 2_000 };
/** Milliseconds from the first entry to its seal. */
const PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** How often a server looks for what another process left behind when it was killed. */
const LOOK_MS = 5_000;
/** How long a stop may go on sealing. */
const STOP_MS = 4_000;
const ATTEMPTS = 8;
/** Whoever wrote an entry does not wait for its seal, and lends it no limits. */
const SEQUENCER = systemActor(UNHURRIED);

/**
 * Gives the entries of the journal their places, and seals them (vault, audit). Every process has one; they compete for
 * the head of the trail, and whoever writes wakes its own. Nothing of it delays a request.
 */
@Injectable()
export class Sequencer implements OnApplicationShutdown {
  private readonly task = new DelayedTask(() => runAs(SEQUENCER, () => this.sealAll()), {
    pause: PAUSE_MS,
    longestPause: LONGEST_PAUSE_MS,
    failed: error => this.logger.error({ err: error }, 'the audit trail cannot be sealed'),
  });
  private readonly trusted: TrustedHead;
  private readonly command?: HeadCommand;
  private readonly looks = new Periodic(() => this.look(), { every: LOOK_MS });
  /** Set by the stop, also for what runs then. What is not sealed by then is left for the next start. */
  private deadline = Infinity;

  constructor(
    private readonly database: MainDatabase,
    private readonly keys: SealKeys,
    private readonly logger: Logger,
    settings: AppSettings,
  ) {
    const { AUDIT_HEAD_COMMAND: command } = settings;
    if (command)
      this.command = new HeadCommand(command, error =>
        this.logger.error({ err: error }, 'the head of the audit trail cannot be handed over'),
      );
    this.trusted = new TrustedHead(keys, new HeadFile(settings.OPSKEEP_DATA));
  }

  /** An entry was committed. */
  wake(): void {
    this.task.soon();
  }

  /** From now on also what other processes leave behind is sealed. */
  watch(): void {
    this.wake();
    this.looks.start();
  }

  /** Seals what is committed by now. @throws what kept it from it */
  async sealNow(): Promise<void> {
    await runAs(SEQUENCER, () => this.sealAll());
  }

  async onApplicationShutdown(): Promise<void> {
    this.deadline = performance.now() + STOP_MS;
    await this.looks.end();
    await this.task.end();
    await this.command?.end();
  }

  private async look(): Promise<void> {
    const { reader } = this.database.connections;
    const found = await reader.select('SELECT n FROM journal WHERE seq IS NULL LIMIT 1');
    if (found.length > 0) this.wake();
  }

  private async sealAll(): Promise<void> {
    const most = MOST[this.database.dialect];
    for (let sealed = await this.sealOne(most); sealed; sealed = await this.sealOne(most)) {
      await this.trusted.move(sealed.head, sealed.note);
      this.command?.take(sealed.note);
      if (sealed.count < most || performance.now() > this.deadline) return;
    }
  }

  private async sealOne(most: number): Promise<Sealed | undefined> {
    await this.keys.warm();
    await this.trusted.begin();
    for (let attempt = 1; ; attempt++) {
      const transaction = await this.database.connections.begin();
      try {
        const sealed = await sealBatch(transaction, this.keys, this.trusted, most);
        await transaction.commit();
        return sealed;
      } catch (error) {
        await transaction.rollback();
        const again = error instanceof OvertakenError || isRetryable(error) || isConnectionLost(error);
        if (!again || attempt >= ATTEMPTS) throw error;
        await backOff(attempt);
      }
    }
  }
}
