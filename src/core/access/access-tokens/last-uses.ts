import { Injectable, OnApplicationShutdown } from '@nestjs/common';
import { Logger } from '../../context/logger.js';
import { MainDatabase } from '../../database/main-database.js';
import { inParts, placeholders } from '../../database/sql.js';
import { decodeMoment, encodeMoment, now } from '../../database/values.js';
import { DelayedTask } from '../../workers/delayed-task.js';

const STALE_MS = 60_000;
const GATHERED_MS = 1_000;

/**
 * When tokens were last used, to the minute: one statement for all that were used within a second, and none while what
 * is stored is younger than a minute. It is no change of a row: no version, no entry.
 */
@Injectable()
export class LastUses implements OnApplicationShutdown {
  private readonly ids = new Set<string>();
  private readonly writing = new DelayedTask(() => this.write(), {
    pause: GATHERED_MS,
    longestPause: STALE_MS,
    failed: error =>
      this.logger.warn({ err: error }, 'when access tokens were last used could not be stored'),
  });

  constructor(
    private readonly database: MainDatabase,
    private readonly logger: Logger,
  ) {}

  /** @param stored as the database has it */
  note(id: string, stored: string | null): void {
    if (stored !== null && Date.parse(decodeMoment(stored)) > Date.now() - STALE_MS) return;
    this.ids.add(id);
    this.writing.soon();
  }

  onApplicationShutdown(): Promise<void> {
    return this.writing.now();
  }

  private async write(): Promise<void> {
    for (const part of inParts([...this.ids])) {
      await this.database.connections.commitOne(
        `UPDATE access_tokens SET last_used_at = ? WHERE id IN (${placeholders(part.length)})`,
        [encodeMoment(now()), ...part],
      );
      for (const id of part) this.ids.delete(id);
    }
  }
}
