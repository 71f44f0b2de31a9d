import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { Actor } from './actor.js';
import { LoginCheck } from './login-check.js';
import { AUDIENCE, Claims, TokenSigner } from './token-signer.js';

/** Bearer access tokens: signature, issuer, audience and age, then the login behind the token. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    signer: TokenSigner,
    private readonly logins: LoginCheck,
  ) {
    super({
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
  }

  /** Undefined (401) when the login is gone, revoked or over, or the user is disabled. */
  async validate(claims: Claims): Promise<Actor | undefined> {
    return this.logins.actorOf(claims);
  }
}
