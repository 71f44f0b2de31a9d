import { Controller, Get, Header, Headers, Param, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ValidationError } from '../../core/context/errors.js';
import { Authenticated, Public, TokenIn } from '../../core/http/access.decorators.js';
import { IgnoresQuery } from '../../core/http/known-query.guard.js';
import { answerOf, MOUNT } from './kv-answers.js';
import { KvHeaders } from './kv-headers.guard.js';
import { KvSystem } from './kv-system.service.js';

/** What clients of Vault and OpenBao ask before they ask for a secret: whether the server serves, the token, the mount. */
@ApiExcludeController()
@Controller()
@TokenIn('x-vault-token')
export class KvSystemController {
  constructor(private readonly system: KvSystem) {}

  @Get('v1/sys/health')
  @Public()
  @IgnoresQuery()
  async health(@Res({ passthrough: true }) reply: FastifyReply) {
    const { isReady, health } = await this.system.health();
    if (!isReady) reply.status(503).header('retry-after', '30');
    return health;
  }

  @Get('v1/auth/token/lookup-self')
  @Header('cache-control', 'no-store')
  @Authenticated()
  @UseGuards(KvHeaders)
  async self(@Headers('authorization') authorization: string) {
    return answerOf(await this.system.self(authorization));
  }

  @Get('v1/sys/internal/ui/mounts')
  @Authenticated()
  @UseGuards(KvHeaders)
  mounts() {
    return answerOf({ auth: {}, secret: { [MOUNT.path]: MOUNT } });
  }

  /** The mount of a path, whatever is behind it. */
  @Get(
    ['mount', 'mount/:client', 'mount/:client/:credential'].map(end => `v1/sys/internal/ui/mounts/:${end}`),
  )
  @Authenticated()
  @UseGuards(KvHeaders)
  mount(@Param('mount') mount: string) {
    if (mount !== 'secret')
      throw ValidationError.of(
        'mount',
        'must be secret: this door speaks KV version 2 below /v1/secret/ alone',
        'mount',
      );
    return answerOf(MOUNT);
  }
}
