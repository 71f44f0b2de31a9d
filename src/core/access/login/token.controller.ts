import { Body, HttpCode, Ip, Post, Res, UseFilters } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RateLimits } from '../../http/limits/rate-limits.js';
import { DescribedTag } from '../../http/tags.js';
import { OwnUnits } from '../../requests/unit.interceptor.js';
import { ApiController } from '../../http/api-controller.js';
import { BodyPipe, validateBody } from '../../http/pipes/body.pipe.js';
import { IgnoresQuery } from '../../http/known-query.guard.js';
import { Public } from '../../http/access.decorators.js';
import { SCOPES } from '../../context/actor.js';
import { LoginBody } from './auth.bodies.js';
import { AuthService } from './auth.service.js';
import { OAuthError, OAuthErrorFilter } from './oauth-error.filter.js';
import { OAuthErrorAnswer, OAuthTokenAnswer, TokenBody } from './token.bodies.js';

/** OAuth 2's password flow (RFC 6749, 4.3), for the docs page and for tools that know no other way to log in. */
@DescribedTag('auth', 'Logging in, and what concerns one’s own account.')
@ApiController('auth')
export class TokenController {
  constructor(
    private readonly auth: AuthService,
    private readonly limits: RateLimits,
  ) {}

  @Post('token')
  @HttpCode(200)
  @Public()
  @IgnoresQuery()
  @OwnUnits()
  @UseFilters(OAuthErrorFilter)
  @ApiOperation({
    operationId: 'issueToken',
    summary: 'Logs in with the OAuth 2 password flow',
    description:
      'The password flow of RFC 6749, section 4.3. Other parameters are ignored, and so is an `Authorization` header.',
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: TokenBody })
  @ApiResponse({ status: 200, description: 'Tokens', type: OAuthTokenAnswer })
  @ApiResponse({ status: 400, description: 'Refused, in the words of RFC 6749', type: OAuthErrorAnswer })
  async token(
    @Body(new BodyPipe(TokenBody, 'ignored')) body: TokenBody,
    @Ip() ip: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OAuthTokenAnswer> {
    await this.limits.take('login', ip, reply);
    const { grant_type, username, password, otp, scope = '' } = body;
    if (grant_type !== 'password')
      throw new OAuthError('unsupported_grant_type', 'grant_type must be password');
    if (scope.split(' ').some(one => one !== '' && !(SCOPES as readonly string[]).includes(one)))
      throw new OAuthError('invalid_scope', `scope may name ${SCOPES.join(', ')}`);
    const login = await validateBody(LoginBody, { email: username, password, otp });
    const { scopes, ...tokens } = await this.auth.login(login);
    // RFC 6749, 5.1.
    reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' });
    return { ...tokens, scope: scopes.join(' ') };
  }
}
