import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from './access.decorators.js';
import { Readiness } from './readiness.js';

/** `GET /` and `/health` say that the process lives; `/health/ready` says whether it can serve. */
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get()
  @Public()
  root() {
    return { name: 'opskeep', docs: '/api/docs', openapi: '/api/openapi.json', health: '/health' };
  }

  @Get('health')
  @Public()
  health() {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @Public()
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const { isReady, checks } = await this.readiness.check();
    if (!isReady) reply.status(503).header('retry-after', '30');
    return { status: isReady ? 'ready' : 'not ready', checks };
  }
}
