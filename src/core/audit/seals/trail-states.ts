import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AppSettings } from '../../config/settings.js';
import { MainDatabase } from '../../database/main-database.js';
import { decodeMoment } from '../../database/values.js';
import { Metrics } from '../../metrics/metrics.js';

/** What an operator watches of the trail, where the settings let somebody read it. */
@Injectable()
export class TrailStates implements OnModuleInit {
  constructor(
    private readonly settings: AppSettings,
    private readonly metrics: Metrics,
    private readonly database: MainDatabase,
  ) {}

  onModuleInit(): void {
    if (!this.settings.METRICS_TOKEN) return;
    this.metrics.state(
      'opskeep_audit_entries',
      'Entries of the trail that are sealed',
      undefined,
      'max',
      async () => {
        const [head] = await this.select('SELECT size AS value FROM audit_head');
        return { entries: Number(head?.value ?? 0) };
      },
    );
    this.metrics.state(
      'opskeep_audit_unsealed_seconds',
      'How long the oldest entry waits that is not sealed; 0 when there is none',
      undefined,
      'max',
      async () => {
        const [oldest] = await this.select(
          'SELECT at AS value FROM journal WHERE seq IS NULL ORDER BY n LIMIT 1',
        );
        const waits = oldest ? (Date.now() - Date.parse(decodeMoment(oldest.value))) / 1_000 : 0;
        return { seconds: Math.max(0, waits) };
      },
    );
  }

  private select(text: string): Promise<{ value: string }[]> {
    return this.database.connections.reader.select<{ value: string }>(text);
  }
}
