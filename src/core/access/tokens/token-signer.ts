import { createSecretKey, type KeyObject } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { v7 as uuidv7 } from 'uuid';
import type { Settings } from '../../config/settings.js';

/** The claims of an access token (RFC 9068 with our own scopes, machine and login). */
export interface Claims {
  /** Email. */
  sub: string;
  uid: string;
  /** The login (family of refresh tokens) that can be revoked. */
  sid: string;
  scopes: string[];
  machine: string | null;
}

/** Injects the id of this installation. */
export const INSTALL_ID = Symbol('install_id');
export const AUDIENCE = 'opskeep';

/** Three parts of base64url (RFC 7515, 3.1), each in its only spelling. */
export function isCompactJws(token: string): boolean {
  const parts = token.split('.');
  return (
    parts.length === 3 && parts.every(part => Buffer.from(part, 'base64url').toString('base64url') === part)
  );
}

/** What signs and what verifies access tokens: one algorithm, one issuer, one key. */
export class TokenSigner {
  /** A KeyObject: given a string, every verification would parse the secret anew. */
  readonly key: KeyObject;
  readonly issuer: string;
  /** The only header that our tokens have, encoded: another algorithm or type is refused before any parsing. */
  readonly header: string;

  constructor(
    secret: string,
    readonly algorithm: Settings['JWT_ALGORITHM'],
    install_id: string,
    private readonly minutes: number,
    private readonly jwt = new JwtService(),
  ) {
    this.key = createSecretKey(Buffer.from(secret, 'utf8'));
    this.issuer = `urn:opskeep:${install_id}`;
    this.header = Buffer.from(JSON.stringify({ alg: algorithm, typ: 'at+jwt' })).toString('base64url');
  }

  get seconds(): number {
    return this.minutes * 60;
  }

  /** Whether a token has our header and is strictly base64url: lenient decoders read many spellings as one token. */
  mayBeOurs(token: string): boolean {
    return token.startsWith(`${this.header}.`) && isCompactJws(token);
  }

  sign(claims: Claims): string {
    return this.jwt.sign(claims, {
      secret: this.key as unknown as string,
      algorithm: this.algorithm,
      header: { alg: this.algorithm, typ: 'at+jwt' },
      issuer: this.issuer,
      audience: AUDIENCE,
      jwtid: uuidv7(),
      expiresIn: this.seconds,
    });
  }
}
