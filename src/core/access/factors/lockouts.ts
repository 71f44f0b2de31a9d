import { Injectable } from '@nestjs/common';
import { Units } from '../../database/units.js';
import { EventBus } from '../../events/events.js';
import { currentContext } from '../../context/request-context.js';
import { encodeMoment, momentIn, now } from '../../database/values.js';
import { Rows } from '../../table/rows.js';
import { User } from '../user.entity.js';

declare module '../../events/events.js' {
  interface Events {
    /** Twenty failed logins for one user. */
    'auth.brute_force': { user_id: string; email: string; failures: number; ip: string | null };
  }
}

const LOCK_AFTER = 5;
const INCIDENT_AT = 20;
const FREE = '(locked_until IS NULL OR locked_until <= ?)';

/** 5 failures lock for 15 minutes, each further five double it, up to a day. */
function lockMinutes(failures: number): number {
  if (failures < LOCK_AFTER || failures % LOCK_AFTER !== 0) return 0;
  return Math.min(15 * 2 ** (failures / LOCK_AFTER - 1), 1440);
}

/**
 * Counts wrong passwords and codes, and locks. Both sides are conditional statements: of fifty guesses at once five
 * are counted, and a right one among them that comes after those five is refused as well.
 */
@Injectable()
export class Lockouts {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly events: EventBus,
  ) {}

  isLocked(user: User): boolean {
    return user.locked_until !== null && Date.parse(user.locked_until) > Date.now();
  }

  /**
   * In the running unit: forgets the failures, unless the user was locked, disabled or got another password since
   * `user` was read; false then.
   */
  async admit(user: User): Promise<boolean> {
    const time = encodeMoment(now());
    const changed = await this.units.sql.change(
      'UPDATE users SET failed_logins = 0, locked_until = NULL, last_login_at = ? ' +
        `WHERE id = ? AND password_hash = ? AND is_active = 1 AND ${FREE}`,
      [time, user.id, user.password_hash, time],
    );
    return changed === 1;
  }

  /**
   * In the running unit: whether the user is still as `user` was read, active and not locked. A statement that locks
   * the row: of parallel guesses, those after the fifth find the lock.
   */
  async isFree(user: User): Promise<boolean> {
    const changed = await this.units.sql.change(
      `UPDATE users SET failed_logins = failed_logins WHERE id = ? AND password_hash = ? AND is_active = 1 AND ${FREE}`,
      [user.id, user.password_hash, encodeMoment(now())],
    );
    return changed === 1;
  }

  /** In the running unit: one more failure, unless the user is locked already. */
  async count(user_id: string): Promise<void> {
    const text = `UPDATE users SET failed_logins = failed_logins + 1 WHERE id = ? AND ${FREE}`;
    if ((await this.units.sql.change(text, [user_id, encodeMoment(now())])) !== 1) return;
    const user = await this.rows.findOne(User, { id: user_id });
    if (!user) return;
    const { email, failed_logins: failures } = user;
    const minutes = lockMinutes(failures);
    if (minutes > 0) {
      const locked_until = momentIn(minutes * 60_000);
      await this.rows.update(User, { id: user_id }, { locked_until });
    }
    if (failures === INCIDENT_AT)
      this.events.announce('auth.brute_force', {
        user_id,
        email,
        failures,
        ip: currentContext()?.ip ?? null,
      });
  }
}
