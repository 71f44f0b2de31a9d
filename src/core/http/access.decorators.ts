import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { Scope } from '../context/actor.js';
import { ErrorsOf } from './errors/error-answer.js';

export const ACCESS = 'opskeep:access';

/** What a route asks of its caller; a route without one of these does not start. */
export type AccessRule =
  | { kind: 'public' }
  /**
   * `login`: an access token is refused. `relays`: what it does are requests of their own, which count. `across`: its
   * answer tells of many resources, and of those alone that the access token is for, so that any may ask.
   */
  | { kind: 'scope'; scope: Scope | null; login?: true; relays?: true; across?: boolean };

const rule = (access: AccessRule) => SetMetadata(ACCESS, access);

/** Anybody. */
export const Public = () => applyDecorators(rule({ kind: 'public' }), ApiSecurity({}));

/** A valid token that carries the scope literally: admin does not imply read. */
export const RequireScope = (scope: Scope, { across = false } = {}) =>
  applyDecorators(
    rule({ kind: 'scope', scope, across }),
    ApiSecurity('bearer', [scope]),
    ApiExtension('x-required-scope', scope),
  );

/** A valid token with any scopes: for what concerns oneself. */
export const Authenticated = () => applyDecorators(rule({ kind: 'scope', scope: null }), ApiBearerAuth());

/** The token of a login, with any scopes: for what an access token must not do to its user. */
export const LoggedIn = () =>
  applyDecorators(rule({ kind: 'scope', scope: null, login: true }), ApiBearerAuth(), ErrorsOf(403));

/** A valid token with any scopes, of which no use is counted: for what only hands requests on to other routes. */
export const Relaying = () =>
  applyDecorators(rule({ kind: 'scope', scope: null, relays: true }), ApiBearerAuth());

export const TOKEN_HEADER = 'opskeep:token-header';

/** The protocol of these routes sends the token in a header of its own; `Authorization` is read where that is absent. */
export const TokenIn = (header: string) => SetMetadata(TOKEN_HEADER, header);
