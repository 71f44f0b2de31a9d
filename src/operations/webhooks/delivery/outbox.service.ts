import { Injectable } from '@nestjs/common';
import { MainDatabase } from '../../../core/database/main-database.js';
import { newId } from '../../../core/database/new-id.js';
import { inParts, insertIgnoring, placeholders, type SqlValue } from '../../../core/database/sql.js';
import { changeOne, transact } from '../../../core/database/transact.js';
import { decodeMoment, encodeMoment, momentIn, now } from '../../../core/database/values.js';
import { Rows } from '../../../core/table/rows.js';
import { storedOf } from '../../../core/table/stored.js';
import type { Change } from '../../changes/change.js';
import { TEST_EVENT } from '../event-patterns.js';
import { type DeliveryStatus, WebhookDelivery } from '../webhook-delivery.entity.js';
import { eventOf } from './notification.js';

/** Rows of one statement. */
const TOGETHER = 100;
const FORGOTTEN = 500;

/** What one attempt came to. */
export interface Outcome {
  status: DeliveryStatus;
  response_code: number | null;
  response: string | null;
  duration_ms: number | null;
  failure: string | null;
  /** Milliseconds until the next attempt, while it is pending. */
  pause?: number;
}

type Run = (text: string, values: SqlValue[]) => Promise<number>;

/** The deliveries that are to be made. What changes here is no change of a row that anybody follows: it has no entry. */
@Injectable()
export class Outbox {
  constructor(
    private readonly database: MainDatabase,
    private readonly rows: Rows,
  ) {}

  /** When the oldest delivery was noted that is not made yet, of webhooks that are on. */
  async oldestWaiting(): Promise<string | undefined> {
    const text =
      "SELECT MIN(created_at) AS at FROM webhook_deliveries WHERE status = 'pending' AND webhook_id IN (SELECT id FROM webhooks WHERE is_active = 1)";
    const [oldest] = await this.database.connections.reader.select<{ at: string | null }>(text);
    return oldest?.at ? decodeMoment(oldest.at) : undefined;
  }

  /** The last entry of the trail that the slowest webhook which is on has looked at. */
  async slowest(): Promise<number | undefined> {
    const text = 'SELECT MIN(cursor_seq) AS seq FROM webhooks WHERE is_active = 1';
    const [slowest] = await this.database.connections.reader.select<{ seq: number | null }>(text);
    return slowest?.seq === null || slowest === undefined ? undefined : Number(slowest.seq);
  }

  /** One statement as a transaction of its own; tried again where another was in its way. */
  change(text: string, values: SqlValue[]): Promise<number> {
    return changeOne(this.database, text, values);
  }

  /** Takes events in, and goes on behind them; false, and nothing done, where another process has done so. */
  take(webhook_id: string, from: number, to: number, changes: Change[]): Promise<boolean> {
    const text = 'UPDATE webhooks SET cursor_seq = ? WHERE id = ? AND cursor_seq = ? AND is_active = 1';
    return transact(this.database, async transaction => {
      const isFirst = (await transaction.change(text, [to, webhook_id, from])) === 1;
      if (isFirst) await this.add(webhook_id, changes, (one, values) => transaction.change(one, values));
      return isFirst;
    });
  }

  /** Events that are not there yet, as deliveries that are due. */
  async add(webhook_id: string, changes: Change[], run: Run): Promise<void> {
    const time = encodeMoment(now());
    for (const part of inParts(changes, TOGETHER)) {
      const lines = part.map(() => `(?, ?, ?, ?, ?, 'pending', 0, ?, ?)`).join(', ');
      const text =
        `${insertIgnoring(this.database.dialect)} INTO webhook_deliveries ` +
        `(id, webhook_id, seq, event, row_id, status, attempts, created_at, next_attempt_at) VALUES ${lines}`;
      const values = part.flatMap(one => [newId(), webhook_id, one.seq, eventOf(one), one.id, time, time]);
      await run(text, values);
    }
  }

  /** Those of these places that were sent, or given up, are sent again. */
  async renew(webhook_id: string, changes: Change[], run: Run): Promise<void> {
    const time = encodeMoment(now());
    for (const part of inParts(changes.map(one => one.seq))) {
      const text =
        "UPDATE webhook_deliveries SET status = 'pending', attempts = 0, created_at = ?, next_attempt_at = ? " +
        `WHERE webhook_id = ? AND status <> 'pending' AND seq IN (${placeholders(part.length)})`;
      await run(text, [time, time, webhook_id, ...part]);
    }
  }

  /** A receiver that was away is back: what waits for its next attempt is sent now. */
  async hurry(webhook_id: string): Promise<void> {
    const text =
      "UPDATE webhook_deliveries SET next_attempt_at = ? WHERE webhook_id = ? AND status = 'pending'";
    await this.change(text, [encodeMoment(now()), webhook_id]);
  }

  /** What has ended before this moment is forgotten, some at a time; whether there may be more. */
  async forget(before: string): Promise<boolean> {
    const old =
      "SELECT n FROM webhook_deliveries WHERE status IN ('delivered', 'dead', 'skipped') AND created_at < ? " +
      `LIMIT ${FORGOTTEN}`;
    const text = `DELETE FROM webhook_deliveries WHERE n IN (SELECT n FROM (${old}) AS old)`;
    return (await this.change(text, [encodeMoment(before)])) === FORGOTTEN;
  }

  /** How many wait, at most so many. */
  async pending(webhook_id: string, most: number): Promise<number> {
    const text = `SELECT COUNT(*) AS total FROM (SELECT 1 FROM webhook_deliveries WHERE webhook_id = ? AND status = 'pending' LIMIT ${most}) waiting`;
    const [row] = await this.database.connections.reader.select<{ total: number }>(text, [webhook_id]);
    return Number(row?.total ?? 0);
  }

  /** The webhooks that have deliveries whose time has come. */
  async webhooksDue(): Promise<Set<string>> {
    const text =
      "SELECT id FROM webhooks w WHERE EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d.status = 'pending' " +
      'AND d.next_attempt_at <= ?)';
    const found = await this.database.connections.reader.select<{ id: string }>(text, [encodeMoment(now())]);
    return new Set(found.map(one => one.id));
  }

  /** Of each row the earliest alone: one that fails holds back those of its row, and no others. */
  async due(webhook: { id: string; is_active: boolean }, limit: number): Promise<WebhookDelivery[]> {
    const spec = storedOf(WebhookDelivery);
    const columns = spec.fields.map(one => `d.${one.name}`).join(', ');
    const earlier =
      "SELECT 1 FROM webhook_deliveries e WHERE e.webhook_id = d.webhook_id AND e.status = 'pending' " +
      'AND e.row_id = d.row_id AND e.seq < d.seq';
    const onlyTests = webhook.is_active ? '' : ` AND d.event = '${TEST_EVENT}'`;
    const text =
      `SELECT ${columns} FROM webhook_deliveries d WHERE d.webhook_id = ? AND d.status = 'pending' AND d.next_attempt_at <= ? ` +
      `AND NOT EXISTS (${earlier})${onlyTests} ORDER BY d.seq LIMIT ${limit}`;
    const values = [webhook.id, encodeMoment(now())];
    return this.rows.decode(spec, await this.database.connections.scanner.select(text, values));
  }

  /** Stores what an attempt came to, as long as the fence is ours. */
  async settle({ id, webhook_id }: WebhookDelivery, fence: number, outcome: Outcome): Promise<void> {
    const { status, response_code, response, duration_ms, failure, pause = 0 } = outcome;
    const isTried = status !== 'skipped';
    await this.change(
      `UPDATE webhook_deliveries SET status = ?, attempts = attempts + ${Number(isTried)}, response_code = ?, response = ?, ` +
        'duration_ms = ?, failure = ?, last_attempt_at = ?, next_attempt_at = ? ' +
        "WHERE id = ? AND status = 'pending' AND EXISTS (SELECT 1 FROM webhooks WHERE id = ? AND fence = ?)",
      [
        ...[status, response_code, response, duration_ms, failure],
        ...[encodeMoment(now()), encodeMoment(momentIn(pause)), id, webhook_id, fence],
      ],
    );
  }
}
