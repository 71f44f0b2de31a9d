import { ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthenticationError, AuthorizationError } from '../context/errors.js';
import { RateLimits } from '../http/limits/rate-limits.js';
import { currentContext } from '../context/request-context.js';
import { ACCESS, AccessRule, TOKEN_HEADER } from '../http/access.decorators.js';
import { type Actor, requireReach, type Scope } from '../context/actor.js';
import { AccessTokenCheck } from './access-tokens/token-check.js';
import { Areas } from './access-tokens/areas.js';
import { JwtStrategy } from './tokens/jwt.strategy.js';

/** Closed by default: token → actor → limit per user, and for all access tokens of a user together → scope and resource; whoever has no valid token: limit per address. */
@Injectable()
export class AccessGuard extends AuthGuard() {
  constructor(
    private readonly reflector: Reflector,
    private readonly limits: RateLimits,
    private readonly strategy: JwtStrategy,
    private readonly tokens: AccessTokenCheck,
    private readonly areas: Areas,
  ) {
    super({ defaultStrategy: strategy.name });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const declared = [context.getHandler(), context.getClass()];
    const rule = this.reflector.getAllAndOverride<AccessRule | undefined>(ACCESS, declared);
    if (!rule) throw new AuthorizationError('This route declares no access');
    if (rule.kind === 'public') return this.limits.take('address', request.ip, reply);
    const header = this.reflector.getAllAndOverride<string | undefined>(TOKEN_HEADER, declared);
    const given = header === undefined ? undefined : request.headers[header];
    if (typeof given === 'string' && given !== '') request.headers.authorization = `Bearer ${given}`;
    const actor = await this.authenticate(context, request, reply, rule);
    await this.limits.take('actor', actor.token ? `tokens of ${actor.id}` : actor.id, reply);
    const scope = scopeFor(rule, actor, request);
    if (actor.token) this.requireReach(rule, scope, actor, request.routeOptions.url);
    if (scope !== null && !actor.scopes.has(scope))
      throw new AuthorizationError(`This needs the scope ${scope}`, { scope });
    if (actor.token && !('relays' in rule)) await this.tokens.use(actor);
    return true;
  }

  override handleRequest<TUser = Actor>(error: unknown, actor: TUser | false, info?: unknown): TUser {
    // A database that is away must not look like a bad token.
    if (error) throw error as Error;
    if (actor) return actor;
    // The signature was good: whoever holds such a token may know why it is refused.
    if (info instanceof Error && info.name === 'TokenExpiredError')
      throw new AuthenticationError('The token has expired; refresh it, or log in again', {
        reason: 'expired',
      });
    throw new AuthenticationError('The token is missing, malformed or revoked', { reason: 'invalid' });
  }

  /** Routes without a scope are about oneself; what tells of many resources asks for each by itself. */
  private requireReach(
    rule: AccessRule,
    scope: Scope | null,
    actor: Actor,
    pattern: string | undefined,
  ): void {
    if (rule.kind === 'scope' && rule.login)
      throw new AuthorizationError('This is for the token of a login, not for an access token');
    const isAcross = rule.kind === 'scope' && rule.across === true;
    if (scope !== null && !isAcross) requireReach(actor, this.areas.pathOf(pattern));
  }

  /** Failed attempts count against the address. */
  private async authenticate(
    context: ExecutionContext,
    request: FastifyRequest,
    reply: FastifyReply,
    rule: AccessRule,
  ): Promise<Actor> {
    try {
      const user = await this.identify(context, request);
      const current = currentContext();
      if (current) {
        current.actor = user;
        current.presentActor = () => this.present(user, scopeFor(rule, user, request));
      }
      return user;
    } catch (error) {
      if (error instanceof AuthenticationError) await this.limits.take('address', request.ip, reply);
      throw error;
    }
  }

  private async present(user: Actor, scope: Scope | null): Promise<Actor | undefined> {
    const actor = await (user.token ? this.tokens : this.strategy).present(user);
    return scope === null || actor?.scopes.has(scope) ? actor : undefined;
  }

  private async identify(context: ExecutionContext, request: FastifyRequest): Promise<Actor> {
    const { authorization } = request.headers;
    const known =
      (await this.tokens.actorOf(authorization, request.ip)) ?? (await this.strategy.known(authorization));
    if (known) return known;
    await super.canActivate(context);
    return (request as FastifyRequest & { user: Actor }).user;
  }
}

/** What a route asks of this caller: nothing of an access token that ends itself. */
function scopeFor(rule: AccessRule, { token }: Actor, request: FastifyRequest): Scope | null {
  if (rule.kind !== 'scope') return null;
  const { method, routeOptions, params } = request;
  const isOwnEnd = method === 'DELETE' && routeOptions.url === '/api/access-tokens/:id';
  return token && isOwnEnd && (params as { id: string }).id.toLowerCase() === token.id ? null : rule.scope;
}
