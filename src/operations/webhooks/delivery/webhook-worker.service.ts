import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Logger } from '../../../core/context/logger.js';
import { runAs } from '../../../core/context/request-context.js';
import { DAY_MS, momentIn } from '../../../core/database/values.js';
import { Rows } from '../../../core/table/rows.js';
import { Periodic } from '../../../core/workers/periodic.js';
import { HeadWatch } from '../../changes/head-watch.js';
import { Webhook } from '../webhook.entity.js';
import { Outbox } from './outbox.service.js';
import { Owners } from './owners.service.js';
import { Planner } from './planner.service.js';
import { Rounds, WEBHOOKS } from './rounds.service.js';

const LOOK_MS = 1_000;
/** Looks between two, while there are no webhooks. */
const IDLE_LOOKS = 5;
const TIDY_MS = 3_600_000;
/** How long ended deliveries are shown. */
const KEPT_MS = 30 * DAY_MS;
/** How long a stop waits for receivers; what they have not answered by then is sent again by the next start. */
const STOP_MS = 4_000;

/** Looks every second what webhooks have to be told; each is served beside the others, by one process at a time. */
@Injectable()
export class WebhookWorker implements BeforeApplicationShutdown {
  private readonly running = new Map<string, Promise<void>>();
  private readonly stop = new AbortController();
  private readonly looks = new Periodic(() => runAs(WEBHOOKS, () => this.look()), {
    every: LOOK_MS,
    failed: error => this.logger.warn({ err: error }, 'webhooks could not be looked at'),
  });
  private idle = 0;
  private tidied = 0;

  constructor(
    private readonly rows: Rows,
    private readonly head: HeadWatch,
    private readonly planner: Planner,
    private readonly rounds: Rounds,
    private readonly outbox: Outbox,
    private readonly owners: Owners,
    private readonly logger: Logger,
  ) {}

  /** From now on; a command line does not begin it. */
  watch(): void {
    this.looks.start();
  }

  /** Looks now; resolves when what was found is done. */
  async pass(): Promise<void> {
    this.idle = 0;
    await this.looks.now();
    await Promise.all(this.running.values());
  }

  async beforeApplicationShutdown(): Promise<void> {
    const looked = this.looks.end();
    const stopping = sleep(STOP_MS, undefined, { ref: false }).then(() => this.stop.abort());
    const ended = looked.then(() => Promise.all(this.running.values()));
    await Promise.race([stopping, ended]);
    this.stop.abort();
    await ended;
  }

  private async look(): Promise<void> {
    if (this.idle > 0 && this.idle < IDLE_LOOKS) return void this.idle++;
    const webhooks = await this.rows.find(Webhook, {});
    this.idle = webhooks.length === 0 ? 1 : 0;
    if (webhooks.length === 0) return;
    this.planner.forgetAllBut(new Set(webhooks.filter(one => one.is_active).map(one => one.id)));
    const [head, due] = [await this.head.head(), await this.outbox.webhooksDue()];
    for (const webhook of webhooks) {
      const isBehind = webhook.is_active && this.planner.isBehind(webhook, head);
      if ((isBehind || due.has(webhook.id)) && !this.running.has(webhook.id)) this.begin(webhook, head);
    }
    if (Date.now() - this.tidied < TIDY_MS) return;
    this.tidied = Date.now();
    await this.tidy();
  }

  private begin(webhook: Webhook, head: number): void {
    const run = this.serve(webhook, head)
      .catch((error: unknown) => {
        if (!this.stop.signal.aborted)
          this.logger.warn({ err: error, webhook_id: webhook.id }, 'a webhook could not be served');
      })
      .finally(() => this.running.delete(webhook.id));
    this.running.set(webhook.id, run);
  }

  private async serve(webhook: Webhook, head: number): Promise<void> {
    if (webhook.is_active && !(await this.owners.actorOf(webhook.user_id)))
      return this.rounds.disable(webhook, 'its user may not have webhooks any more');
    if (webhook.is_active) await this.planner.plan(webhook, head);
    await this.rounds.deliver(webhook, this.stop.signal);
  }

  /** Forgets what has ended long ago. */
  async tidy(): Promise<void> {
    while (!this.stop.signal.aborted && (await this.outbox.forget(momentIn(-KEPT_MS))));
  }
}
