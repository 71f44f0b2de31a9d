import { Injectable } from '@nestjs/common';
import { databaseTime } from '../../../core/database/database-time.js';
import { MainDatabase } from '../../../core/database/main-database.js';
import { newId } from '../../../core/database/new-id.js';
import { Outbox } from './outbox.service.js';

/** Longer than one round of deliveries takes, each of which has 10 s. */
const LEASE_SECONDS = 30;

/**
 * Which process delivers for a webhook. Whoever is killed leaves it to others half a minute later; whoever was held up so
 * long that another has taken over finds its fence gone, and what it stores then changes nothing.
 */
@Injectable()
export class Leases {
  private readonly holder = newId();

  constructor(
    private readonly database: MainDatabase,
    private readonly outbox: Outbox,
  ) {}

  /** The fence; undefined where another process delivers. */
  async claim(webhook_id: string): Promise<number | undefined> {
    const { dialect, reader } = this.database.connections;
    const taken = await this.outbox.change(
      `UPDATE webhooks SET holder = ?, held_until = ${databaseTime(dialect, -LEASE_SECONDS)}, fence = fence + 1 ` +
        `WHERE id = ? AND (held_until IS NULL OR held_until < ${databaseTime(dialect)})`,
      [this.holder, webhook_id],
    );
    if (taken !== 1) return undefined;
    const text = 'SELECT fence FROM webhooks WHERE id = ? AND holder = ?';
    const [row] = await reader.select<{ fence: number }>(text, [webhook_id, this.holder]);
    return row && Number(row.fence);
  }

  /** Whether it is still ours, for as long again. */
  async renew(webhook_id: string, fence: number): Promise<boolean> {
    const until = databaseTime(this.database.dialect, -LEASE_SECONDS);
    const text = `UPDATE webhooks SET held_until = ${until} WHERE id = ? AND fence = ?`;
    return (await this.outbox.change(text, [webhook_id, fence])) === 1;
  }

  async release(webhook_id: string, fence: number): Promise<void> {
    const text = 'UPDATE webhooks SET holder = NULL, held_until = NULL WHERE id = ? AND fence = ?';
    await this.outbox.change(text, [webhook_id, fence]);
  }
}
