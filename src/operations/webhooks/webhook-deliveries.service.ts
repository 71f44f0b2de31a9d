import { Injectable } from '@nestjs/common';
import { AuthorizationError, ConflictError, ValidationError } from '../../core/context/errors.js';
import { runAs } from '../../core/context/request-context.js';
import { newId } from '../../core/database/new-id.js';
import type { Row } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { now } from '../../core/database/values.js';
import type { Page } from '../../core/resource/lists/page.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { type LogView, readLog } from '../../core/resource/logs/log-page.js';
import { oneOf, parseLogQuery } from '../../core/resource/logs/log-query.js';
import { Rows } from '../../core/table/rows.js';
import { storedOf } from '../../core/table/stored.js';
import type { Change } from '../changes/change.js';
import { ChangesService } from '../changes/changes.service.js';
import { HeadWatch } from '../changes/head-watch.js';
import { eventOf } from './delivery/notification.js';
import { Outbox } from './delivery/outbox.service.js';
import { Owners } from './delivery/owners.service.js';
import { isWanted, scopeOf, TEST_EVENT } from './event-patterns.js';
import type { ReplayBody } from './webhook.bodies.js';
import type { WebhookDeliveryAnswer } from './webhook.answers.js';
import { DELIVERY_STATUSES, WebhookDelivery } from './webhook-delivery.entity.js';
import type { Webhook } from './webhook.entity.js';
import { WebhooksService } from './webhooks.service.js';

/** Entries that one replay looks at. */
const MOST = 10_000;
const PAGE = 500;

const SPEC = storedOf(WebhookDelivery);
const VIEW: LogView = {
  columns: SPEC.fields.map(one => one.name).join(', '),
  from: 'webhook_deliveries',
  keys: [
    { column: 'webhook_deliveries.created_at', name: 'created_at' },
    { column: 'webhook_deliveries.n', name: 'n' },
  ],
};
const FILTERS = { status: oneOf('webhook_deliveries.status', DELIVERY_STATUSES) };

/** What webhooks have sent, and what they are asked to send. */
@Injectable()
export class WebhookDeliveriesService {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly changes: ChangesService,
    private readonly head: HeadWatch,
    private readonly owners: Owners,
    private readonly outbox: Outbox,
  ) {}

  /** Newest first. */
  async list(webhook_id: string, raw: RawQuery): Promise<Page<WebhookDeliveryAnswer>> {
    const { id } = await this.webhooks.find(webhook_id);
    const query = parseLogQuery(raw, FILTERS, VIEW.keys.length);
    const own = [{ sql: 'webhook_deliveries.webhook_id = ?', values: [id] }];
    const page = await readLog<Row>(this.units, VIEW, query, own);
    return { ...page, items: this.shown(page.items) };
  }

  /** One that says nothing of any row, sent at once, and once. */
  async test(webhook_id: string): Promise<WebhookDeliveryAnswer> {
    return this.units.run(async () => {
      const webhook = await this.webhooks.findForAction(webhook_id);
      const [id, time] = [newId(), now()];
      await this.rows.insert(WebhookDelivery, {
        ...{ id, webhook_id, row_id: id, seq: null, event: TEST_EVENT, status: 'pending', attempts: 0 },
        ...{ created_at: time, next_attempt_at: time },
      });
      this.webhooks.recordChange('test', webhook, { delivery_id: id });
      const columns = VIEW.columns;
      const text = `SELECT ${columns} FROM webhook_deliveries WHERE id = ?`;
      return this.shown(await this.units.sql.select(text, [id]))[0] as WebhookDeliveryAnswer;
    });
  }

  /** Sends what happened between two places of the trail, inclusive, again: what it wants, and its user may see now. */
  async replay(webhook_id: string, { from_seq, to_seq }: ReplayBody): Promise<{ count: number }> {
    if (to_seq < from_seq || to_seq - from_seq >= MOST)
      throw ValidationError.of(
        'to_seq',
        `must be at least from_seq, and less than ${MOST} behind it`,
        'range',
      );
    return this.units.run(async () => {
      const webhook = await this.webhooks.findForAction(webhook_id);
      if (!webhook.is_active) throw new ConflictError('The webhook is off: switch it on first');
      const wanted = await this.wantedOf(webhook, from_seq, Math.min(to_seq, await this.head.head()));
      const run = (text: string, values: Parameters<Units['sql']['change']>[1]) =>
        this.units.sql.change(text, values);
      await this.outbox.renew(webhook_id, wanted, run);
      await this.outbox.add(webhook_id, wanted, run);
      this.webhooks.recordChange('replay', webhook, { from_seq, to_seq, count: wanted.length });
      return { count: wanted.length };
    });
  }

  private async wantedOf({ user_id, events }: Webhook, from: number, to: number): Promise<Change[]> {
    const owner = await this.owners.actorOf(user_id);
    if (!owner) throw new AuthorizationError('The user of the webhook may not have webhooks any more');
    const found: Change[] = [];
    for (let after = from - 1; after < to;) {
      const page = await runAs(owner, () => this.changes.pageOf({ after, limit: PAGE }, scopeOf(events)));
      found.push(...page.items.filter(one => one.seq <= to && isWanted(events, eventOf(one))));
      if (page.after <= after) break;
      after = page.after;
    }
    return found;
  }

  private shown(rows: Row[]): WebhookDeliveryAnswer[] {
    return this.rows.decode<WebhookDelivery>(SPEC, rows).map(({ n: _n, ...one }) => ({
      ...one,
      next_attempt_at: one.status === 'pending' ? one.next_attempt_at : null,
    }));
  }
}
