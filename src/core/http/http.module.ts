import { Global, Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { States } from './metrics/states.js';
import { RateLimits } from './limits/rate-limits.js';
import { SharedCounts } from './limits/shared-counts.js';
import { Readiness } from './readiness.js';

/** What every request meets whatever its route: limits, and the health of the server. */
@Global()
@Module({
  controllers: [HealthController, MetricsController],
  providers: [RateLimits, SharedCounts, Readiness, States],
  exports: [RateLimits, SharedCounts, Readiness],
})
export class HttpModule {}
