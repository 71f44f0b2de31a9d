import { Injectable } from '@nestjs/common';
import { placeholders } from '../../database/sql.js';
import { MainDatabase } from '../../database/main-database.js';
import { decodeMoment } from '../../database/values.js';
import type { Actor, ClientAccess } from '../../context/actor.js';
import type { Claims } from './token-signer.js';

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

/**
 * Looks up the login of every request, strictly and without a cache: one query serves all requests that wait
 * in the same turn of the event loop.
 */
@Injectable()
export class LoginCheck {
  private waiting?: { ids: Set<string>; rows: Promise<Map<string, LoginRow>> };

  constructor(private readonly database: MainDatabase) {}

  async actorOf(claims: Pick<Claims, 'sid' | 'uid' | 'scopes'>): Promise<Actor | undefined> {
    if (typeof claims.sid !== 'string' || !Array.isArray(claims.scopes)) return undefined;
    const row = (await this.rowsWith(claims.sid)).get(claims.sid);
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

  private rowsWith(id: string): Promise<Map<string, LoginRow>> {
    if (!this.waiting) {
      const ids = new Set<string>();
      const rows = new Promise<void>(resolve => setImmediate(resolve)).then(() => {
        this.waiting = undefined;
        return this.read([...ids]);
      });
      this.waiting = { ids, rows };
    }
    this.waiting.ids.add(id);
    return this.waiting.rows;
  }

  private async read(ids: string[]): Promise<Map<string, LoginRow>> {
    const rows = await this.database.connections.reader.select<LoginRow>(
      'SELECT logins.id AS login_id, logins.expires_at, logins.revoked_at, users.id AS user_id, users.email, ' +
        'users.is_active, users.scopes, users.client_access, users.client_ids ' +
        `FROM logins JOIN users ON users.id = logins.user_id WHERE logins.id IN (${placeholders(ids.length)})`,
      ids,
    );
    return new Map(rows.map(row => [row.login_id, row]));
  }
}
