import { createHash, timingSafeEqual } from 'node:crypto';
import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AppSettings } from '../../config/settings.js';
import { AuthenticationError, NoRouteError, UnavailableError } from '../../context/errors.js';
import { Metrics } from '../../metrics/metrics.js';
import { Public } from '../access.decorators.js';

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * `GET /metrics` in Prometheus' text format, for who has `METRICS_TOKEN`. It is a setting and no access token, because
 * it has to hold while the database is away. Without one there is no such route.
 */
@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly settings: AppSettings,
    private readonly metrics: Metrics,
  ) {}

  @Get()
  @Public()
  async read(
    @Headers('authorization') given: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { METRICS_TOKEN: token } = this.settings;
    if (!token) throw new NoRouteError('There is no such route: METRICS_TOKEN is not set');
    if (!timingSafeEqual(digest(given ?? ''), digest(`Bearer ${token.reveal()}`)))
      throw new AuthenticationError('This needs the metrics token as a bearer token');
    const text = await this.metrics.text();
    if (text === undefined) throw new UnavailableError('A worker of this server does not answer');
    reply.header('content-type', this.metrics.registry.contentType).header('cache-control', 'no-store');
    return text;
  }
}
