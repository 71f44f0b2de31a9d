import { Global, Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { RateLimits } from './rate-limits.js';
import { Readiness } from './readiness.js';

/** What every request meets whatever its route: limits, and the health of the server. */
@Global()
@Module({
  controllers: [HealthController],
  providers: [RateLimits, Readiness],
  exports: [RateLimits, Readiness],
})
export class HttpModule {}
