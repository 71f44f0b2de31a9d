import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from './access.decorators.js';
import { DOCS_PAGE, isBrowser } from './docs-page.js';
import { Readiness } from './readiness.js';

/** `GET /` (a browser is led to the docs) and `/health` say that the process lives; `/health/ready` says whether it can serve. */
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get()
  @Public()
  root(@Headers('accept') accept: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    if (isBrowser(accept)) reply.status(302).header('location', DOCS_PAGE);
    return { name: 'opskeep', docs: DOCS_PAGE, openapi: '/api/openapi.json', health: '/health' };
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
