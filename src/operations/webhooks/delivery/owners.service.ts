import { Injectable } from '@nestjs/common';
import { userActor } from '../../../core/access/user-actor.js';
import { User } from '../../../core/access/user.entity.js';
import type { Actor } from '../../../core/context/actor.js';
import { Rows } from '../../../core/table/rows.js';

/** Whose rights webhooks have. */
@Injectable()
export class Owners {
  constructor(private readonly rows: Rows) {}

  /** The user as an actor with the rights of now; undefined for who could not make a webhook any more. */
  async actorOf(user_id: string): Promise<Actor | undefined> {
    const user = await this.rows.findOne(User, { id: user_id });
    if (!user?.is_active || !['msp:read', 'msp:admin'].every(one => user.scopes.includes(one as never)))
      return undefined;
    return userActor(user);
  }
}
