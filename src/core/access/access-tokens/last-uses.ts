import { Injectable, OnApplicationShutdown } from '@nestjs/common';
import { Logger } from '../../context/logger.js';
import { MainDatabase } from '../../database/main-database.js';
import { inParts, placeholders } from '../../database/sql.js';
import { decodeMoment, encodeMoment, now } from '../../database/values.js';

const STALE_MS = 60_000;
const GATHERED_MS = 1_000;

/**
 * When tokens were last used, to the minute: one statement for all that were used within a second, and none while what
 * is stored is younger than a minute. It is no change of a row: no version, no entry.
 */
@Injectable()
export class LastUses implements OnApplicationShutdown {
  private ids = new Set<string>();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly database: MainDatabase,
    private readonly logger: Logger,
  ) {}

  /** @param stored as the database has it */
  note(id: string, stored: string | null): void {
    if (stored !== null && Date.parse(decodeMoment(stored)) > Date.now() - STALE_MS) return;
    this.ids.add(id);
    this.timer ??= setTimeout(() => void this.write(), GATHERED_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.write();
  }

  private async write(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const ids = [...this.ids];
    this.ids.clear();
    try {
      for (const part of inParts(ids))
        await this.database.connections.commitOne(
          `UPDATE access_tokens SET last_used_at = ? WHERE id IN (${placeholders(part.length)})`,
          [encodeMoment(now()), ...part],
        );
    } catch (error) {
      this.logger.warn({ err: error }, 'when access tokens were last used could not be stored');
    }
  }
}
