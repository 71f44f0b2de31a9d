import { Injectable, type OnModuleInit } from '@nestjs/common';
import { StaleRowError } from '../context/errors.js';
import { currentContext, renewActor } from '../context/request-context.js';
import { forShare } from '../database/locks.js';
import { Units } from '../database/units.js';

/**
 * What a request writes is decided by the rights of the moment in which it writes: it may have waited behind others, and
 * whoever disables a user, or ends a login, counts on nothing being done in that name from then on. What began with
 * other rights runs anew.
 */
@Injectable()
export class PresentRights implements OnModuleInit {
  constructor(private readonly units: Units) {}

  onModuleInit(): void {
    this.units.beforeFirstChange(() => this.renew());
  }

  private async renew(): Promise<void> {
    const { actor, presentActor } = currentContext() ?? {};
    if (actor?.kind !== 'user' || !presentActor) return;
    const { sql } = this.units;
    // Nobody takes rights away from the user until the unit ends; on SQLite there is one writer.
    if (sql.dialect === 'mariadb')
      await sql.select(`SELECT id FROM users WHERE id = ?${forShare(sql.dialect)}`, [actor.id]);
    if (!(await renewActor())) throw new StaleRowError('The rights of the caller have changed');
  }
}
