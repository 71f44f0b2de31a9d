import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { Scope } from '../context/actor.js';

export const ACCESS = 'opskeep:access';

/** What a route asks of its caller; a route without one of these does not start. */
export type AccessRule =
  | { kind: 'public' }
  /** `login`: an access token is refused. */
  | { kind: 'scope'; scope: Scope | null; login?: true };

const rule = (access: AccessRule) => SetMetadata(ACCESS, access);

/** Anybody. */
export const Public = () => applyDecorators(rule({ kind: 'public' }), ApiSecurity({}));

/** A valid token that carries the scope literally: admin does not imply read. */
export const RequireScope = (scope: Scope) =>
  applyDecorators(
    rule({ kind: 'scope', scope }),
    ApiSecurity('bearer', [scope]),
    ApiExtension('x-required-scope', scope),
  );

/** A valid token with any scopes: for what concerns oneself. */
export const Authenticated = () => applyDecorators(rule({ kind: 'scope', scope: null }), ApiBearerAuth());

/** The token of a login, with any scopes: for what an access token must not do to its user. */
export const LoggedIn = () =>
  applyDecorators(rule({ kind: 'scope', scope: null, login: true }), ApiBearerAuth());
