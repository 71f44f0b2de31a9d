import { Injectable } from '@nestjs/common';
import { AppSettings } from '../../../core/config/settings.js';
import { UnavailableError } from '../../../core/context/errors.js';
import { programVersion } from '../../../core/config/version.js';
import { destinationFault, mayReach } from '../destination/destination.js';
import { guardedLookup } from '../destination/lookup.js';
import { Names } from '../destination/names.service.js';
import { post } from '../destination/post.js';
import { reasonOf, RefusedDestinationError } from '../destination/reasons.js';
import type { WebhookDelivery } from '../webhook-delivery.entity.js';
import type { Webhook } from '../webhook.entity.js';
import { WebhookSecrets } from '../webhook-secrets.service.js';
import type { Notification } from './notification.js';
import type { Outcome } from './outbox.service.js';
import { pauseAfter } from './retries.js';

/** Sends one delivery, and says what came of it. */
@Injectable()
export class Sender {
  /** From the look-up of the name to the end of the answer; tests have less. */
  patience = 10_000;

  constructor(
    private readonly settings: AppSettings,
    private readonly secrets: WebhookSecrets,
    private readonly names: Names,
  ) {}

  /** @param stop ends it before its time; it throws then, and nothing is known */
  async send(
    webhook: Webhook,
    delivery: WebhookDelivery,
    notification: Notification,
    stop: AbortSignal,
  ): Promise<Outcome> {
    const began = performance.now();
    const late = AbortSignal.timeout(this.patience);
    const spent = () => Math.round(performance.now() - began);
    try {
      const { code, text } = await this.post(webhook, notification, AbortSignal.any([late, stop]));
      const answer = {
        response_code: code,
        response: text === '' ? null : plain(text),
        duration_ms: spent(),
      };
      if (code >= 200 && code < 300) return { ...answer, status: 'delivered', failure: null };
      const failure = code >= 300 && code < 400 ? 'redirects are not followed' : `was answered with ${code}`;
      return { ...answer, failure, ...next(delivery) };
    } catch (error) {
      // Nothing was tried while our own side is away.
      if (stop.aborted || error instanceof UnavailableError) throw error;
      const said = late.aborted ? `no answer within ${this.patience / 1_000} s` : reasonOf(error);
      return { response_code: null, response: null, duration_ms: spent(), failure: said, ...next(delivery) };
    }
  }

  private async post(webhook: Webhook, notification: Notification, signal: AbortSignal) {
    const exceptions = this.settings.WEBHOOK_ALLOW_PRIVATE;
    const fault = destinationFault(webhook.url, exceptions);
    if (fault) throw new RefusedDestinationError(`the address ${fault}`);
    const url = new URL(webhook.url);
    const body = JSON.stringify(notification);
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': `Opskeep/${programVersion()}`,
      'opskeep-event': notification.event,
      'opskeep-delivery': notification.id,
      'opskeep-webhook': webhook.id,
      ...(notification.seq === null ? {} : { 'opskeep-seq': String(notification.seq) }),
      'opskeep-signature': await this.secrets.signature(webhook.id, body),
    };
    const lookup = guardedLookup(
      address => mayReach(address, url.protocol, exceptions),
      host => this.names.find(webhook.user_id, host),
    );
    return post(url, body, { headers, lookup, signal });
  }
}

/** A test is tried once; everything else again. */
function next({ seq, attempts, created_at }: WebhookDelivery): Pick<Outcome, 'status' | 'pause'> {
  const pause = seq === null ? undefined : pauseAfter(attempts + 1, Date.now() - Date.parse(created_at));
  return pause === undefined ? { status: 'dead' } : { status: 'pending', pause };
}

/** What a receiver answers is shown as text: without control characters, whatever it holds. */
function plain(text: string): string {
  return text.replace(/\p{C}/gu, ' ').slice(0, 1_000);
}
