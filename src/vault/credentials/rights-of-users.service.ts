import { Injectable } from '@nestjs/common';
import { User } from '../../core/access/user.entity.js';
import { isAdmin, seesClient } from '../../core/context/actor.js';
import { Units } from '../../core/database/units.js';
import { encodeMoment, now } from '../../core/database/values.js';
import { Rows } from '../../core/table/rows.js';
import { LEVELS, type Level } from '../permissions/credential-permission.entity.js';
import { rightOf } from './credential-right.js';
import type { Credential } from './credential.entity.js';

/** A user who sees a credential or client, with what the user may do there by ownership, administration and grants. */
export interface UserRight {
  user: User;
  isAdmin: boolean;
  level: Level;
}

/** What users may do who are not the actor: as they are now, without what an access token takes away. */
@Injectable()
export class RightsOfUsers {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
  ) {}

  /** Of the active users, or those among these ids, the ones who see the credential. */
  async on(credential: Credential, ids?: string[]): Promise<Map<string, UserRight>> {
    const granted = await this.granted('(credential_id = ? OR client_id = ?)', [
      credential.id,
      credential.client_id ?? '',
    ]);
    const { client_id, owner_id } = credential;
    return this.judged(ids, user => {
      const seen =
        client_id === null
          ? user.client_access !== 'only' || owner_id === user.id
          : seesClient(user, client_id);
      const held = granted.get(user.id);
      const who = { id: user.id, scopes: new Set(user.scopes) };
      return seen ? rightOf(who, credential, held && { level: held, until: null })?.level : undefined;
    });
  }

  /** The same of a whole client. */
  async onClient(client_id: string, ids?: string[]): Promise<Map<string, UserRight>> {
    const granted = await this.granted('client_id = ?', [client_id]);
    return this.judged(ids, user => {
      if (!seesClient(user, client_id)) return undefined;
      return user.scopes.includes('msp:admin') ? 'manage' : granted.get(user.id);
    });
  }

  private async judged(
    ids: string[] | undefined,
    levelOf: (user: User) => Level | undefined,
  ): Promise<Map<string, UserRight>> {
    const users = await this.rows.find(User, { is_active: true, ...(ids ? { id: ids } : {}) });
    return new Map(
      users.flatMap(user => {
        const level = levelOf(user);
        const isAdministrator = isAdmin({ scopes: new Set(user.scopes) });
        return level ? [[user.id, { user, isAdmin: isAdministrator, level }]] : [];
      }),
    );
  }

  /** The highest level that each user is granted. */
  private async granted(condition: string, values: string[]): Promise<Map<string, Level>> {
    const rows = await this.units.sql.select<{ user_id: string; level: Level }>(
      `SELECT user_id, level FROM credential_permissions WHERE ${condition} AND (expires_at IS NULL OR expires_at > ?)`,
      [...values, encodeMoment(now())],
    );
    const best = new Map<string, Level>();
    for (const { user_id, level } of rows)
      if (LEVELS.indexOf(level) > LEVELS.indexOf(best.get(user_id) ?? 'view') || !best.has(user_id))
        best.set(user_id, level);
    return best;
  }
}
