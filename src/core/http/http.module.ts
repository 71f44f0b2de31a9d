import { Global, Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { RateLimits } from './rate-limits.js';
import { RefusedRequests } from './refused-requests.js';

/** What every request meets whatever its route: limits, the record of refusals, and the health of the server. */
@Global()
@Module({
  controllers: [HealthController],
  providers: [RateLimits, RefusedRequests],
  exports: [RateLimits, RefusedRequests],
})
export class HttpModule {}
