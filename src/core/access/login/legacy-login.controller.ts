import { Body, Controller, HttpCode, Ip, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RateLimits } from '../../http/limits/rate-limits.js';
import { OwnUnits } from '../../requests/unit.interceptor.js';
import { BodyPipe, validateBody } from '../../http/pipes/body.pipe.js';
import { Public } from '../../http/access.decorators.js';
import { LegacyLoginBody, LoginBody } from './auth.bodies.js';
import { AuthService } from './auth.service.js';

/** `POST /auth/admin` of the earlier credentials manager: a form with username and password. */
@ApiExcludeController()
@Controller()
export class LegacyLoginController {
  constructor(
    private readonly auth: AuthService,
    private readonly limits: RateLimits,
  ) {}

  @Post(['auth/admin', 'api/auth/admin'])
  @HttpCode(200)
  @Public()
  @OwnUnits()
  async login(
    @Body(new BodyPipe(LegacyLoginBody)) body: LegacyLoginBody,
    @Ip() ip: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.limits.take('login', ip, reply);
    reply.header('cache-control', 'no-store');
    const { username, password } = body;
    return this.auth.login(await validateBody(LoginBody, { email: username, password }));
  }
}
