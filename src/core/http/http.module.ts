import { Global, Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { States } from './metrics/states.js';
import { RateLimits } from './rate-limits.js';
import { Readiness } from './readiness.js';

/** What every request meets whatever its route: limits, and the health of the server. */
@Global()
@Module({
  controllers: [HealthController, MetricsController],
  providers: [RateLimits, Readiness, States],
  exports: [RateLimits, Readiness],
})
export class HttpModule {}
