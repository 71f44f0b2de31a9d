import { Body, Get, HttpCode, Ip, Post, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ErrorsOf } from '../../http/errors/error-answer.js';
import { RateLimits } from '../../http/limits/rate-limits.js';
import { DescribedTag } from '../../http/tags.js';
import { OwnUnits } from '../../requests/unit.interceptor.js';
import { ApiController } from '../../http/api-controller.js';
import { BodyPipe } from '../../http/pipes/body.pipe.js';
import { AccessTokensService } from '../access-tokens/access-tokens.service.js';
import { currentActor } from '../../context/request-context.js';
import { Authenticated, LoggedIn, Public } from '../../http/access.decorators.js';
import {
  ChangePasswordBody,
  DisableBody,
  EnrollBody,
  LoginBody,
  OtpBody,
  RefreshBody,
  TokenAnswer,
  TotpAnswer,
} from './auth.bodies.js';
import { AuthService } from './auth.service.js';
import { Me } from './me.answer.js';
import { Logins } from '../tokens/logins.js';
import { UsersService } from '../users.service.js';

const NO_STORE = ['cache-control', 'no-store'] as const;

@DescribedTag('auth', 'Logging in, and what concerns one’s own account.')
@ApiController('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly logins: Logins,
    private readonly users: UsersService,
    private readonly tokens: AccessTokensService,
    private readonly limits: RateLimits,
  ) {}

  @Post('login')
  @HttpCode(200)
  @Public()
  @OwnUnits()
  @ApiOperation({ operationId: 'login', summary: 'Logs in with email and password' })
  @ApiBody({ type: LoginBody })
  @ApiResponse({ status: 200, description: 'Tokens', type: TokenAnswer })
  @ErrorsOf(401, 422)
  async login(
    @Body(new BodyPipe(LoginBody)) body: LoginBody,
    @Ip() ip: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.limits.take('login', ip, reply);
    reply.header(...NO_STORE);
    return this.auth.login(body);
  }

  @Post('refresh')
  @HttpCode(200)
  @Public()
  @OwnUnits()
  @ApiOperation({ operationId: 'refresh', summary: 'Exchanges a refresh token for new tokens' })
  @ApiBody({ type: RefreshBody })
  @ApiResponse({ status: 200, description: 'Tokens', type: TokenAnswer })
  @ErrorsOf(401, 422)
  async refresh(
    @Body(new BodyPipe(RefreshBody)) body: RefreshBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    reply.header(...NO_STORE);
    return this.logins.refresh(body.refresh_token);
  }

  @Post('logout')
  @HttpCode(204)
  @LoggedIn()
  @OwnUnits()
  @ApiOperation({ operationId: 'logout', summary: 'Logs out' })
  @ApiResponse({ status: 204, description: 'Ended' })
  @ErrorsOf(401)
  logout() {
    return this.auth.logout();
  }

  @Post('logout-all')
  @HttpCode(204)
  @LoggedIn()
  @OwnUnits()
  @ApiOperation({ operationId: 'logoutAll', summary: 'Logs out everywhere' })
  @ApiResponse({ status: 204, description: 'Ended' })
  @ErrorsOf(401)
  logoutAll() {
    return this.auth.logoutAll();
  }

  @Get('me')
  @Authenticated()
  @ApiOperation({ operationId: 'getMe', summary: 'Returns the current user, and the access token that asks' })
  @ApiResponse({ status: 200, description: 'The user', type: Me })
  @ErrorsOf(401)
  async me() {
    const user = await this.users.viewOf(await this.auth.me());
    const { token } = currentActor();
    return token ? { ...user, access_token: await this.tokens.get(token.id) } : user;
  }

  @Post('change-password')
  @HttpCode(200)
  @LoggedIn()
  @OwnUnits()
  @ApiOperation({
    operationId: 'changePassword',
    summary: 'Changes the password and logs out everywhere else',
  })
  @ApiBody({ type: ChangePasswordBody })
  @ApiResponse({ status: 200, description: 'Tokens of a new login', type: TokenAnswer })
  @ErrorsOf(401, 422)
  async changePassword(
    @Body(new BodyPipe(ChangePasswordBody)) body: ChangePasswordBody,
    @Ip() ip: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.limits.take('login', ip, reply);
    reply.header(...NO_STORE);
    return this.auth.changePassword(body);
  }

  @Post('totp/enroll')
  @HttpCode(200)
  @LoggedIn()
  @OwnUnits()
  @ApiOperation({
    operationId: 'enrollTotp',
    summary: 'Sets up a second factor, to be confirmed with a code',
  })
  @ApiBody({ type: EnrollBody })
  @ApiResponse({ status: 200, description: 'The seed, shown this once', type: TotpAnswer })
  @ErrorsOf(401, 409, 422)
  async enroll(
    @Body(new BodyPipe(EnrollBody)) body: EnrollBody,
    @Ip() ip: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.limits.take('login', ip, reply);
    reply.header(...NO_STORE);
    return this.auth.enrollTotp(body.password);
  }

  @Post('totp/confirm')
  @HttpCode(204)
  @LoggedIn()
  @OwnUnits()
  @ApiOperation({ operationId: 'confirmTotp', summary: 'Switches the second factor on with a first code' })
  @ApiBody({ type: OtpBody })
  @ApiResponse({ status: 204, description: 'On' })
  @ErrorsOf(401, 422)
  async confirm(
    @Body(new BodyPipe(OtpBody)) body: OtpBody,
    @Ip() ip: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.limits.take('login', ip, reply);
    await this.auth.confirmTotp(body.otp);
  }

  @Post('totp/disable')
  @HttpCode(204)
  @LoggedIn()
  @OwnUnits()
  @ApiOperation({ operationId: 'disableTotp', summary: 'Switches the second factor off' })
  @ApiBody({ type: DisableBody })
  @ApiResponse({ status: 204, description: 'Off' })
  @ErrorsOf(401, 422)
  async disable(
    @Body(new BodyPipe(DisableBody)) body: DisableBody,
    @Ip() ip: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.limits.take('login', ip, reply);
    await this.auth.disableTotp(body.password, body.otp);
  }
}
