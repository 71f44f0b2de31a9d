import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppSettings } from '../config/settings.js';
import { subscriberOf } from '../context/address.js';
import { type OpskeepError, RateLimitedError } from '../context/errors.js';
import { currentContext } from '../context/request-context.js';
import { Metrics } from '../metrics/metrics.js';

type Kind = 'address' | 'actor' | 'login';

/** Requests per minute and actor or address, counted in this process; 0 switches a limit off. */
@Injectable()
export class RateLimits {
  private readonly limiters: Record<Kind, { limit: number; limiter: RateLimiterMemory }>;

  constructor(
    settings: AppSettings,
    private readonly metrics: Metrics,
  ) {
    const of = (kind: Kind, limit: number) => ({
      limit,
      limiter: new RateLimiterMemory({ keyPrefix: kind, points: limit, duration: 60 }),
    });
    this.limiters = {
      address: of('address', settings.RATE_LIMIT_PER_MINUTE),
      actor: of('actor', settings.RATE_LIMIT_PER_MINUTE),
      login: of('login', settings.LOGIN_LIMIT_PER_MINUTE),
    };
  }

  /** Counts one request; throws a RateLimitedError above the limit. Sets the `RateLimit-*` headers. */
  async take(kind: Kind, who: string, reply?: FastifyReply): Promise<true> {
    const { limit, limiter } = this.limiters[kind];
    const context = currentContext();
    if (context) context.counted = true;
    if (limit === 0) return true;
    const key = kind === 'actor' ? who : subscriberOf(who);
    const result = await limiter.consume(key).catch((refused: unknown) => {
      if (refused instanceof RateLimiterRes) return refused;
      throw refused;
    });
    const seconds = Math.ceil(result.msBeforeNext / 1000);
    reply?.header('ratelimit-limit', limit);
    reply?.header('ratelimit-remaining', Math.max(0, result.remainingPoints));
    reply?.header('ratelimit-reset', seconds);
    if (result.consumedPoints <= limit) return true;
    this.metrics.limited.inc({ limit: kind });
    throw new RateLimitedError(seconds);
  }

  /**
   * What a request is refused with: the error, or that the address has sent too many. What never came to its route (no
   * such route, a body that cannot be read) is counted here, since nothing else has.
   */
  async refusing(error: OpskeepError, address: string, reply: FastifyReply): Promise<OpskeepError> {
    if (currentContext()?.counted) return error;
    try {
      await this.take('address', address, reply);
      return error;
    } catch (refused) {
      return refused instanceof RateLimitedError ? refused : error;
    }
  }
}
