import { Injectable } from '@nestjs/common';
import type { Actor } from '../context/actor.js';
import { Rows } from '../table/rows.js';
import { AccessTokenCheck } from './access-tokens/token-check.js';
import { userActor } from './user-actor.js';
import { User } from './user.entity.js';

/** Who asked for what is done after the request: a user, by an access token or not. */
export interface Asking {
  user_id: string;
  /** The access token, which allows no more afterwards than it did. */
  token_id: string | null;
}

/** Whoever asked, with the rights of now. */
@Injectable()
export class LastingActors {
  constructor(
    private readonly rows: Rows,
    private readonly tokens: AccessTokenCheck,
  ) {}

  /** Undefined for a user who is disabled or gone, and for a token that has ended. */
  async actorOf({ user_id, token_id }: Asking): Promise<Actor | undefined> {
    if (token_id !== null) return this.tokens.presentById(token_id);
    const user = await this.rows.findOne(User, { id: user_id });
    return user?.is_active ? userActor(user) : undefined;
  }
}
