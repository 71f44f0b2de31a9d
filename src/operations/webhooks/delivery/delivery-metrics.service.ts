import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Counter } from 'prom-client';
import { AppSettings } from '../../../core/config/settings.js';
import { MainDatabase } from '../../../core/database/main-database.js';
import { decodeMoment } from '../../../core/database/values.js';
import { Metrics } from '../../../core/metrics/metrics.js';
import type { Outcome } from './outbox.service.js';

/** What an operator watches of webhooks. */
@Injectable()
export class DeliveryMetrics implements OnModuleInit {
  private readonly deliveries: Counter<'outcome'>;

  constructor(
    private readonly metrics: Metrics,
    private readonly database: MainDatabase,
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
        const text =
          "SELECT MIN(created_at) AS value FROM webhook_deliveries WHERE status = 'pending' AND webhook_id IN (SELECT id FROM webhooks WHERE is_active = 1)";
        const [oldest] = await this.database.connections.reader.select<{ value: string | null }>(text);
        const at = oldest?.value;
        return { seconds: at ? Math.max(0, (Date.now() - Date.parse(decodeMoment(at))) / 1_000) : 0 };
      },
    );
    this.metrics.state(
      'opskeep_webhook_lag_entries',
      'Entries of the trail that the slowest webhook has not looked at; each 1,000 of them are noted together',
      undefined,
      'max',
      async () => {
        const text =
          'SELECT COALESCE(MAX(h.size - w.cursor_seq), 0) AS value FROM webhooks w CROSS JOIN audit_head h WHERE w.is_active = 1';
        const [lag] = await this.database.connections.reader.select<{ value: number }>(text);
        return { entries: Number(lag?.value ?? 0) };
      },
    );
  }

  count({ status }: Pick<Outcome, 'status'>): void {
    this.deliveries.inc({ outcome: status === 'pending' ? 'failed' : status });
  }
}
