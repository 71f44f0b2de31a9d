import { Injectable } from '@nestjs/common';
import { AccessTokensService } from '../../core/access/access-tokens/access-tokens.service.js';
import { programVersion } from '../../core/config/version.js';
import { currentActor } from '../../core/context/request-context.js';
import { Readiness } from '../../core/http/readiness.js';

/** From when until when a token is good. */
interface Life {
  from: string;
  until: string;
}

/** What clients of the protocol ask beside secrets. */
@Injectable()
export class KvSystem {
  constructor(
    private readonly readiness: Readiness,
    private readonly tokens: AccessTokensService,
  ) {}

  /** `sealed` where nothing can be opened: the keystore is away. */
  async health() {
    const { isReady, checks } = await this.readiness.check();
    const health = {
      initialized: true,
      sealed: checks.keystore !== 'ok',
      standby: false,
      performance_standby: false,
      replication_performance_mode: 'disabled',
      replication_dr_mode: 'disabled',
      server_time_utc: Math.floor(Date.now() / 1000),
      version: programVersion(),
      cluster_name: 'opskeep',
    };
    return { isReady, health };
  }

  /** Of the token that asks everything but its text. */
  async self(authorization: string) {
    const { name, scopes, token } = currentActor();
    const row = token && (await this.tokens.get(token.id));
    const life = row ? { from: row.created_at, until: row.expires_at } : lifeOfLogin(authorization);
    const [from, until] = [Date.parse(life.from), Date.parse(life.until)];
    return {
      accessor: token?.id ?? '',
      creation_time: Math.floor(from / 1000),
      creation_ttl: Math.floor((until - from) / 1000),
      display_name: token?.name ?? name,
      entity_id: '',
      expire_time: life.until,
      explicit_max_ttl: 0,
      id: token?.id ?? '',
      issue_time: life.from,
      meta: { user: name },
      num_uses: row?.uses_left ?? 0,
      orphan: true,
      path: 'auth/token/create',
      policies: [...scopes],
      renewable: false,
      ttl: Math.max(0, Math.floor((until - Date.now()) / 1000)),
      type: 'service',
    };
  }
}

/** Of the JWT that the guard has verified. */
function lifeOfLogin(authorization: string): Life {
  const [, claims = ''] = authorization.split('.');
  const { iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
    iat: number;
    exp: number;
  };
  return { from: new Date(iat * 1000).toISOString(), until: new Date(exp * 1000).toISOString() };
}
