import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { LRUCache } from 'lru-cache';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { Actor } from '../../context/actor.js';
import { LoginCheck } from './login-check.js';
import { AUDIENCE, Claims, TokenSigner } from './token-signer.js';

/** Most tokens whose signature is remembered. */
const REMEMBERED = 10_000;

type Verified = Claims & { exp: number };

/**
 * Bearer access tokens: signature, issuer, audience and age, then the login behind the token. A signature
 * that was good stays good, so it is verified once for each token; age and login are looked at every time.
 */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) implements OnModuleDestroy {
  /** Passport knows strategies by name, one list for the whole process: two applications in it have a name each. */
  override readonly name = `jwt ${randomUUID()}`;
  private readonly verified = new LRUCache<string, Verified>({ max: REMEMBERED });

  constructor(
    signer: TokenSigner,
    private readonly logins: LoginCheck,
  ) {
    super({
      passReqToCallback: true,
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      algorithms: [signer.algorithm],
      issuer: signer.issuer,
      audience: AUDIENCE,
      secretOrKeyProvider: (
        _request: unknown,
        token: string,
        done: (error: Error | null, key?: never) => void,
      ) => {
        if (signer.mayBeOurs(token)) done(null, signer.key as never);
        else done(new Error('Not an access token of this server'));
      },
    });
    passport.use(this.name, this);
  }

  onModuleDestroy(): void {
    passport.unuse(this.name);
  }

  /** Undefined (401) when the login is gone, revoked or over, or the user is disabled. */
  async validate(
    request: { headers: { authorization?: string } },
    claims: Verified,
  ): Promise<Actor | undefined> {
    // The library takes a token without an end for one that never ends.
    if (!Number.isFinite(claims.exp)) return undefined;
    const { authorization } = request.headers;
    if (authorization !== undefined) this.verified.set(authorization, claims);
    return this.logins.actorOf(claims);
  }

  /** The actor of a token that was verified before; undefined leaves everything to the verification. */
  async known(authorization: string | undefined): Promise<Actor | undefined> {
    const claims = authorization === undefined ? undefined : this.verified.get(authorization);
    if (!claims || claims.exp * 1000 <= Date.now()) return undefined;
    return this.logins.actorOf(claims);
  }

  /** An actor as the login allows it now, although the token may have ended meanwhile; undefined when it has ended. */
  present(actor: Actor): Promise<Actor | undefined> {
    const { id: uid, login_id: sid, scopes } = actor;
    return this.logins.actorOf({ uid, sid: sid ?? '', scopes: [...scopes] });
  }
}
