import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { parseAccessToken } from '../../../formats/access-token.js';
import { Audit, unnamedFact } from '../../audit/audit.service.js';
import { refusing } from '../../audit/refusals.js';
import type { Actor, ClientAccess } from '../../context/actor.js';
import { isWithin } from '../../context/address.js';
import { AuthenticationError } from '../../context/errors.js';
import { currentContext, newRequestId, runInContext } from '../../context/request-context.js';
import { placeholders } from '../../database/sql.js';
import { Units } from '../../database/units.js';
import { decodeMoment, encodeMoment, now } from '../../database/values.js';
import { TurnBatch } from '../tokens/turn-batch.js';
import { Areas } from './areas.js';
import { LastUses } from './last-uses.js';
import { narrowed } from './token-rights.js';

interface TokenRow {
  id: string;
  name: string;
  secret_hash: string;
  scopes: string;
  resources: string;
  credential_ids: string;
  actions: string;
  client_access: ClientAccess;
  client_ids: string;
  cidrs: string;
  max_uses: number | null;
  uses: number;
  expires_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
  user_id: string;
  email: string;
  is_active: number;
  held: string;
  user_access: ClientAccess;
  user_clients: string;
}

const BEARER = /^bearer +(okt_\S*)$/i;
const NO_HASH = '0'.repeat(64);
const MESSAGES = {
  revoked: 'The access token is revoked',
  expired: 'The access token has expired',
  disabled: 'The user of the access token is disabled',
  address: 'The access token may not be used from this address',
  used_up: 'The access token is used up',
} as const;
type Reason = keyof typeof MESSAGES;

const list = (json: string) => JSON.parse(json) as string[];

/**
 * Who acts by an access token, looked up on every request. Whoever does not know the secret learns nothing: an unknown
 * token, a wrong secret and one that is over are the same to them; whoever does is told why it is refused.
 */
@Injectable()
export class AccessTokenCheck {
  private readonly rows: TurnBatch<TokenRow>;

  constructor(
    private readonly units: Units,
    private readonly audit: Audit,
    private readonly areas: Areas,
    private readonly lastUses: LastUses,
  ) {
    this.rows = new TurnBatch(units, ids => this.read(ids));
  }

  /**
   * Undefined where the header has none: then it may be another kind of token.
   *
   * @throws AuthenticationError for an access token that is refused
   */
  async actorOf(authorization: string | undefined, ip: string): Promise<Actor | undefined> {
    const [, token] = BEARER.exec(authorization ?? '') ?? [];
    if (token === undefined) return undefined;
    const parts = parseAccessToken(token);
    const row = parts && (await this.rows.get(parts.id));
    const isRight = timingSafeEqual(
      Buffer.from(parts?.hash ?? NO_HASH),
      Buffer.from(row?.secret_hash ?? NO_HASH),
    );
    if (!row || !isRight)
      throw new AuthenticationError('The token is missing, malformed or revoked', { reason: 'invalid' });
    const reason = endOf(row) ?? (isWithin(ip, list(row.cidrs)) ? undefined : 'address') ?? usedUp(row);
    if (reason) throw refusalOf(row, reason);
    this.lastUses.note(row.id, row.last_used_at);
    return this.actor(row);
  }

  /** The actor as the token and its user allow it now; undefined when the token has ended. */
  present(actor: Actor): Promise<Actor | undefined> {
    return this.presentById(actor.token?.id ?? '');
  }

  async presentById(id: string): Promise<Actor | undefined> {
    const row = await this.rows.get(id);
    return row && endOf(row) === undefined ? this.actor(row) : undefined;
  }

  /**
   * Counts a request that the guard lets through, whatever becomes of it, with an entry of its own; nothing for a token
   * without a number of uses.
   *
   * @throws AuthenticationError when others were faster
   */
  async use({ token }: Actor): Promise<void> {
    const row = token && (await this.rows.get(token.id));
    if (row?.max_uses === null) return;
    // In a context of its own: what the request does has its own entries.
    const context = { request_id: newRequestId(), ip: null, user_agent: null, ...currentContext() };
    const used = await runInContext(context, () => this.units.run(() => this.countUse(row)));
    if (!row || !used) throw row ? refusalOf(row, 'used_up') : new AuthenticationError(MESSAGES.revoked);
  }

  private async countUse(row: TokenRow | undefined): Promise<boolean> {
    if (!row) return false;
    const { id, name } = row;
    const count = await this.units.sql.change(
      'UPDATE access_tokens SET uses = uses + 1 WHERE id = ? AND uses < max_uses AND revoked_at IS NULL AND expires_at > ?',
      [id, encodeMoment(now())],
    );
    const { details } = unnamedFact();
    if (count === 1)
      this.audit.record({
        action: 'access_token.use',
        resource_type: 'access_token',
        resource_id: id,
        name,
        details,
      });
    return count === 1;
  }

  private actor(row: TokenRow): Actor {
    const held = new Set(list(row.held));
    const resources = list(row.resources);
    const user = { client_access: row.user_access, client_ids: list(row.user_clients) };
    return {
      kind: 'user',
      id: row.user_id,
      name: row.email,
      scopes: new Set(list(row.scopes).filter(scope => held.has(scope))),
      ...narrowed(user, { client_access: row.client_access, client_ids: list(row.client_ids) }),
      login_id: null,
      token: {
        id: row.id,
        name: row.name,
        credential_ids: new Set(list(row.credential_ids)),
        actions: new Set(list(row.actions)),
        reaches: path => this.areas.covers(resources, path),
      },
    };
  }

  private async read(ids: string[]): Promise<Map<string, TokenRow>> {
    const rows = await this.units.sql.select<TokenRow>(
      'SELECT t.id, t.name, t.secret_hash, t.scopes, t.resources, t.credential_ids, t.actions, t.client_access, ' +
        't.client_ids, t.cidrs, t.max_uses, t.uses, t.expires_at, t.last_used_at, t.revoked_at, u.id AS user_id, u.email, ' +
        'u.is_active, u.scopes AS held, u.client_access AS user_access, u.client_ids AS user_clients ' +
        `FROM access_tokens t JOIN users u ON u.id = t.user_id WHERE t.id IN (${placeholders(ids.length)})`,
      ids,
    );
    return new Map(rows.map(row => [row.id, row]));
  }
}

function endOf(row: TokenRow): Reason | undefined {
  if (row.revoked_at !== null) return 'revoked';
  if (Date.parse(decodeMoment(row.expires_at)) <= Date.now()) return 'expired';
  return row.is_active === 1 ? undefined : 'disabled';
}

function usedUp({ max_uses, uses }: TokenRow): Reason | undefined {
  return max_uses !== null && uses >= max_uses ? 'used_up' : undefined;
}

/** For whoever has the secret; the entry names the token and its user. */
function refusalOf({ id, name, user_id, email }: TokenRow, reason: Reason): AuthenticationError {
  return refusing(new AuthenticationError(MESSAGES[reason], { reason }), {
    action: 'access.refused',
    resource_type: 'access_token',
    resource_id: id,
    name,
    details: { reason },
    actor: { type: 'token', id: user_id, name: email },
    token_id: id,
  });
}
