import { Injectable } from '@nestjs/common';
import { placeholders } from '../../database/sql.js';
import { Units } from '../../database/units.js';
import { decodeMoment } from '../../database/values.js';
import type { Actor, ClientAccess } from '../../context/actor.js';
import type { Claims } from './token-signer.js';
import { TurnBatch } from './turn-batch.js';

interface LoginRow {
  login_id: string;
  expires_at: string;
  revoked_at: string | null;
  user_id: string;
  email: string;
  is_active: number;
  scopes: string;
  client_access: ClientAccess;
  client_ids: string;
}

/** Looks up the login of every request. */
@Injectable()
export class LoginCheck {
  private readonly rows: TurnBatch<LoginRow>;

  constructor(private readonly units: Units) {
    this.rows = new TurnBatch(units, ids => this.read(ids));
  }

  async actorOf(claims: Pick<Claims, 'sid' | 'uid' | 'scopes'>): Promise<Actor | undefined> {
    if (typeof claims.sid !== 'string' || !Array.isArray(claims.scopes)) return undefined;
    const row = await this.rows.get(claims.sid);
    if (!row || row.user_id !== claims.uid || row.is_active !== 1 || row.revoked_at !== null)
      return undefined;
    if (Date.parse(decodeMoment(row.expires_at)) <= Date.now()) return undefined;
    const held = new Set(JSON.parse(row.scopes) as string[]);
    return {
      kind: 'user',
      id: row.user_id,
      name: row.email,
      scopes: new Set(claims.scopes.filter(scope => held.has(scope))),
      client_access: row.client_access,
      client_ids: JSON.parse(row.client_ids) as string[],
      login_id: row.login_id,
    };
  }

  private async read(ids: string[]): Promise<Map<string, LoginRow>> {
    const rows = await this.units.sql.select<LoginRow>(
      'SELECT logins.id AS login_id, logins.expires_at, logins.revoked_at, users.id AS user_id, users.email, ' +
        'users.is_active, users.scopes, users.client_access, users.client_ids ' +
        `FROM logins JOIN users ON users.id = logins.user_id WHERE logins.id IN (${placeholders(ids.length)})`,
      ids,
    );
    return new Map(rows.map(row => [row.login_id, row]));
  }
}
