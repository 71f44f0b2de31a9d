import { Injectable, type OnModuleInit } from '@nestjs/common';
import { collectDefaultMetrics } from 'prom-client';
import { programVersion } from '../../config/version.js';
import { AppSettings } from '../../config/settings.js';
import { MainDatabase } from '../../database/main-database.js';
import { Keystore } from '../../crypto/keystore/keystore.js';
import { OpeningFailures } from '../../crypto/opening-failures.js';
import { Metrics } from '../../metrics/metrics.js';
import { Readiness } from '../readiness.js';

/** The states that an operator watches, where the settings let somebody read them. */
@Injectable()
export class States implements OnModuleInit {
  constructor(
    private readonly settings: AppSettings,
    private readonly metrics: Metrics,
    private readonly database: MainDatabase,
    private readonly keystore: Keystore,
    private readonly readiness: Readiness,
    private readonly failures: OpeningFailures,
  ) {}

  onModuleInit(): void {
    if (!this.settings.METRICS_TOKEN) return;
    const { metrics } = this;
    collectDefaultMetrics({ register: metrics.registry });
    metrics.state('opskeep_info', 'The version that runs', 'version', 'first', () => ({
      [programVersion()]: 1,
    }));
    for (const [name, database] of [
      ['database', this.database],
      ['keystore', this.keystore],
    ] as const)
      metrics.state(
        `opskeep_${name}_connections`,
        `Connections to the ${name}, and requests that wait for one (SQLite: for the one that writes)`,
        'state',
        'sum',
        () => ({ ...database.connections.load() }),
      );
    metrics.state(
      'opskeep_failed_openings',
      'Sealed values that did not open since the process has started: altered, moved, or without their key',
      undefined,
      'sum',
      () => ({ all: this.failures.total }),
    );
    metrics.state('opskeep_ready', 'What /health/ready says: 1 is ok', 'check', 'min', async () => {
      const { checks } = await this.readiness.check();
      return Object.fromEntries(
        Object.entries(checks).map(([name, state]) => [name, Number(state === 'ok')]),
      );
    });
  }
}
