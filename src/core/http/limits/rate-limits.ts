import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppSettings } from '../../config/settings.js';
import { subscriberOf } from '../../context/address.js';
import { type OpskeepError, RateLimitedError } from '../../context/errors.js';
import { currentContext } from '../../context/request-context.js';
import { Metrics } from '../../metrics/metrics.js';
import { SharedCounts } from './shared-counts.js';

type Kind = 'address' | 'actor' | 'login';

/**
 * Requests per minute and actor or address, of all processes together but for the traffic of a second; 0 switches a limit
 * off.
 */
@Injectable()
export class RateLimits {
  private readonly limiters: Record<Kind, { limit: number; limiter: RateLimiterMemory }>;

  constructor(
    settings: AppSettings,
    private readonly metrics: Metrics,
    private readonly shared: SharedCounts,
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
    const { limit } = this.limiters[kind];
    const context = currentContext();
    if (context) context.counted = true;
    if (limit === 0) return true;
    const { used, left } = await this.count(kind, kind === 'actor' ? who : subscriberOf(who));
    const seconds = Math.ceil(left / 1000);
    reply?.header('ratelimit-limit', limit);
    reply?.header('ratelimit-remaining', Math.max(0, limit - used));
    reply?.header('ratelimit-reset', seconds);
    if (used <= limit) return true;
    this.metrics.limited.inc({ limit: kind });
    throw new RateLimitedError(seconds);
  }

  /** How many of this window were let through with this one, and the milliseconds until it ends; beyond the limit, nothing is counted. */
  private async count(kind: Kind, key: string): Promise<{ used: number; left: number }> {
    const { limit, limiter } = this.limiters[kind];
    const name = `${kind}:${key}`;
    const elsewhere = this.shared.elsewhere(name);
    if (elsewhere.points > 0) {
      const here = (await limiter.get(key))?.consumedPoints ?? 0;
      if (here + elsewhere.points >= limit) return { used: limit + 1, left: elsewhere.left };
    }
    const result = await limiter.consume(key).catch((refused: unknown) => {
      if (refused instanceof RateLimiterRes) return refused;
      throw refused;
    });
    const points = result.consumedPoints;
    if (points <= limit) this.shared.note(name, { points, left: result.msBeforeNext });
    return { used: points + elsewhere.points, left: result.msBeforeNext };
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
