import { Injectable } from '@nestjs/common';
import { type Actor, systemActor } from '../../../core/context/actor.js';
import { runAs } from '../../../core/context/request-context.js';
import { encodeMoment, now } from '../../../core/database/values.js';
import { Rows } from '../../../core/table/rows.js';
import { ChangesService } from '../../changes/changes.service.js';
import type { WebhookDelivery } from '../webhook-delivery.entity.js';
import { Webhook } from '../webhook.entity.js';
import { WebhooksService } from '../webhooks.service.js';
import { DeliveryMetrics } from './delivery-metrics.service.js';
import { Leases } from './leases.service.js';
import { eventOf, notificationOf, testNotification } from './notification.js';
import { type Outcome, Outbox } from './outbox.service.js';
import { Owners } from './owners.service.js';
import { GIVEN_UP_MS } from './retries.js';
import { Sender } from './sender.service.js';

/** Connections to one receiver at a time. */
const TOGETHER = 8;
/** A failure that lasted shorter is no outage, after which all that waits is sent at once. */
const OUTAGE_MS = 60_000;
const GONE: Outcome = {
  status: 'skipped',
  response_code: null,
  response: null,
  duration_ms: null,
  failure: 'its user may not see this any more',
};
export const WEBHOOKS = systemActor('webhooks');

/** Makes the deliveries of one webhook that are due, some at a time, while nobody else does so. */
@Injectable()
export class Rounds {
  constructor(
    private readonly rows: Rows,
    private readonly webhooks: WebhooksService,
    private readonly changes: ChangesService,
    private readonly outbox: Outbox,
    private readonly leases: Leases,
    private readonly owners: Owners,
    private readonly sender: Sender,
    private readonly metrics: DeliveryMetrics,
  ) {}

  async deliver(webhook: Webhook, stop: AbortSignal): Promise<void> {
    if ((await this.outbox.due(webhook, 1)).length === 0) return;
    const fence = await this.leases.claim(webhook.id);
    if (fence === undefined) return;
    try {
      while (!stop.aborted && (await this.round(webhook.id, fence, stop)));
    } finally {
      await this.leases.release(webhook.id, fence);
    }
  }

  /** @returns whether there may be more */
  private async round(id: string, fence: number, stop: AbortSignal): Promise<boolean> {
    const webhook = await this.rows.findOne(Webhook, { id });
    if (!webhook) return false;
    const due = await this.outbox.due(webhook, TOGETHER);
    if (due.length === 0 || !(await this.leases.renew(id, fence))) return false;
    const owner = await this.owners.actorOf(webhook.user_id);
    if (!owner && webhook.is_active) {
      await this.disable(webhook, 'its user may not have webhooks any more');
      return false;
    }
    const statuses = await this.attemptAll(webhook, due, { owner, fence, stop });
    await this.judge(webhook, fence, statuses);
    return true;
  }

  private async attemptAll(
    webhook: Webhook,
    due: WebhookDelivery[],
    { owner, fence, stop }: { owner: Actor | undefined; fence: number; stop: AbortSignal },
  ): Promise<Outcome['status'][]> {
    const places = due.flatMap(one => one.seq ?? []);
    const told = owner && (await runAs(owner, () => this.changes.at(places)));
    const attempts = due.map(async one => {
      const change = told?.get(one.seq ?? 0);
      const notification =
        one.seq === null
          ? testNotification(one)
          : change && notificationOf({ ...one, event: eventOf(change) }, change);
      const outcome = notification ? await this.sender.send(webhook, one, notification, stop) : GONE;
      await this.outbox.settle(one, fence, outcome);
      this.metrics.count(outcome);
      return one.seq === null ? 'skipped' : outcome.status;
    });
    // All of them end before the lease is given back.
    const ended = await Promise.allSettled(attempts);
    const failed = ended.find(one => one.status === 'rejected');
    if (failed) throw failed.reason;
    return ended.flatMap(one => (one.status === 'fulfilled' ? one.value : []));
  }

  /** What the round says of the receiver: since when it fails, that it is back, or that it is given up. */
  private async judge(webhook: Webhook, fence: number, statuses: Outcome['status'][]): Promise<void> {
    const { id, failing_since } = webhook;
    const text = 'UPDATE webhooks SET failing_since = ? WHERE id = ? AND fence = ?';
    if (statuses.includes('delivered')) {
      if (failing_since === null) return;
      await this.outbox.change(text, [null, id, fence]);
      if (Date.now() - Date.parse(failing_since) > OUTAGE_MS) await this.outbox.hurry(id);
    } else if (statuses.some(one => one !== 'skipped')) {
      if (failing_since === null) await this.outbox.change(text, [encodeMoment(now()), id, fence]);
      else if (Date.now() - Date.parse(failing_since) > GIVEN_UP_MS)
        await this.disable(webhook, 'no delivery has succeeded for three days');
    }
  }

  disable({ id }: Webhook, why: string): Promise<void> {
    return runAs(WEBHOOKS, () => this.webhooks.disable(id, why));
  }
}
