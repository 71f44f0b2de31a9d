import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Counter } from 'prom-client';
import { AppSettings } from '../../../core/config/settings.js';
import { Metrics } from '../../../core/metrics/metrics.js';
import { HeadWatch } from '../../changes/head-watch.js';
import { Outbox, type Outcome } from './outbox.service.js';

/** What an operator watches of webhooks. */
@Injectable()
export class DeliveryMetrics implements OnModuleInit {
  private readonly deliveries: Counter<'outcome'>;

  constructor(
    private readonly metrics: Metrics,
    private readonly outbox: Outbox,
    private readonly head: HeadWatch,
    private readonly settings: AppSettings,
  ) {
    this.deliveries = new Counter({
      registers: [metrics.registry],
      name: 'opskeep_webhook_deliveries_total',
      help: 'Attempts to deliver: delivered, failed (and tried again), dead, or skipped',
      labelNames: ['outcome'] as const,
    });
  }

  onModuleInit(): void {
    if (!this.settings.METRICS_TOKEN) return;
    this.metrics.state(
      'opskeep_webhook_waiting_seconds',
      'How long the oldest delivery waits that is not made yet; 0 when there is none',
      undefined,
      'max',
      async () => {
        const at = await this.outbox.oldestWaiting();
        return { seconds: at ? Math.max(0, (Date.now() - Date.parse(at)) / 1_000) : 0 };
      },
    );
    this.metrics.state(
      'opskeep_webhook_lag_entries',
      'Entries of the trail that the slowest webhook has not looked at; each 1,000 of them are noted together',
      undefined,
      'max',
      async () => {
        const [slowest, head] = [await this.outbox.slowest(), await this.head.head()];
        return { entries: slowest === undefined ? 0 : head - slowest };
      },
    );
  }

  count({ status }: Pick<Outcome, 'status'>): void {
    this.deliveries.inc({ outcome: status === 'pending' ? 'failed' : status });
  }
}
