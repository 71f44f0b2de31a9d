import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.service.js';
import { Units } from '../database/units.js';
import { EventBus } from '../events/events.js';
import { AuthenticationError, ValidationError } from '../http/errors.js';
import { currentActor } from '../http/request-context.js';
import { now } from '../resource/codec.js';
import { Rows } from '../resource/rows.js';
import type { ChangePasswordBody, LoginBody } from './auth.bodies.js';
import { Logins, Tokens } from './logins.js';
import { Passwords } from './passwords.js';
import { Totp } from './totp.js';
import { User } from './user.entity.js';

declare module '../events/events.js' {
  interface Events {
    /** Twenty failed logins for one user. */
    'auth.brute_force': { user_id: string; email: string; failures: number; ip: string | null };
  }
}

const LOCK_AFTER = 5;
const INCIDENT_AT = 20;
const REFUSED = 'Wrong email, password or code, or the account is disabled or locked for a while';

/** 5 failures lock for 15 minutes, each further five double it, up to a day. */
export function lockMinutes(failures: number): number {
  if (failures < LOCK_AFTER || failures % LOCK_AFTER !== 0) return 0;
  return Math.min(15 * 2 ** (failures / LOCK_AFTER - 1), 1440);
}

/** Logging in and what concerns one's own account. Unknown user and wrong password look and last the same. */
@Injectable()
export class AuthService {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly passwords: Passwords,
    private readonly logins: Logins,
    private readonly totp: Totp,
    private readonly audit: Audit,
    private readonly events: EventBus,
  ) {}

  async login(body: LoginBody, ip: string | null): Promise<Tokens> {
    const user = await this.rows.findOne(User, { email: body.email });
    const { matches, outdated } = await this.passwords.check(body.password, user?.password_hash ?? null);
    const locked = user?.locked_until != null && Date.parse(user.locked_until) > Date.now();
    if (!user || !matches || locked || !user.is_active) return this.refuse(body.email, user, locked, ip);
    if (user.totp_enrolled && body.otp === undefined)
      throw new AuthenticationError('A one-time code is required', { otp_required: true });
    const rehashed = outdated ? await this.passwords.hash(body.password) : undefined;
    const tokens = await this.units.run(async () => {
      if (user.totp_enrolled && !(await this.totp.use(user, body.otp ?? ''))) return undefined;
      const changes = { failed_logins: 0, locked_until: null, last_login_at: now(), password_hash: rehashed };
      await this.rows.update(User, { id: user.id, password_hash: user.password_hash }, changes);
      this.logins.tell(user, 'auth.login', 'ok', { machine: body.machine });
      return this.logins.open(user, body.machine ?? null);
    });
    return tokens ?? this.refuse(body.email, user, false, ip);
  }

  async logout(): Promise<void> {
    const { login_id, id } = currentActor();
    await this.units.run(async () => {
      if (login_id) await this.logins.end({ id: login_id }, 'logout');
      this.audit.record({ action: 'auth.logout', resource_type: 'user', resource_id: id });
    });
  }

  async logoutAll(): Promise<void> {
    const { id } = currentActor();
    await this.units.run(async () => {
      await this.logins.end({ user_id: id }, 'logout everywhere');
      this.audit.record({ action: 'auth.logout_all', resource_type: 'user', resource_id: id });
    });
  }

  /** Ends every login of the user, this one too; answers with a new one. */
  async changePassword(body: ChangePasswordBody): Promise<Tokens> {
    const user = await this.me();
    const { matches } = await this.passwords.check(body.current_password, user.password_hash);
    if (!matches) throw ValidationError.of('current_password', 'is not the present password', 'password');
    this.passwords.requireStrong(body.new_password, 'new_password', [user.email, user.name]);
    const password_hash = await this.passwords.hash(body.new_password);
    return this.units.run(async () => {
      // Conditional on the hash that was checked: two changes at once cannot both succeed.
      const changed = await this.rows.update(
        User,
        { id: user.id, password_hash: user.password_hash },
        { password_hash },
      );
      if (changed !== 1)
        throw ValidationError.of('current_password', 'is not the present password', 'password');
      await this.logins.end({ user_id: user.id }, 'password changed');
      this.logins.tell(user, 'auth.password_changed', 'ok');
      return this.logins.open(user, null);
    });
  }

  async me(): Promise<User> {
    const user = await this.rows.findOne(User, { id: currentActor().id });
    if (!user) throw new AuthenticationError('The user is gone');
    return user;
  }

  /** Counts the failure in a unit that stands although the request is refused. */
  private async refuse(
    email: string,
    user: User | undefined,
    locked: boolean,
    ip: string | null,
  ): Promise<never> {
    await this.units.run(async () => {
      if (user && !locked) await this.countFailure(user.id, ip);
      this.audit.record({
        action: 'auth.login',
        outcome: 'refused',
        resource_type: 'user',
        resource_id: user?.id ?? null,
        name: user ? email : null,
        details: { known: user !== undefined, locked },
        actor: { type: 'anonymous', id: user?.id ?? null, name: user ? email : null },
      });
    });
    throw new AuthenticationError(REFUSED);
  }

  private async countFailure(user_id: string, ip: string | null): Promise<void> {
    await this.units.sql.change('UPDATE users SET failed_logins = failed_logins + 1 WHERE id = ?', [user_id]);
    const user = await this.rows.findOne(User, { id: user_id });
    if (!user) return;
    const minutes = lockMinutes(user.failed_logins);
    if (minutes > 0) {
      const locked_until = new Date(Date.now() + minutes * 60_000).toISOString();
      await this.rows.update(User, { id: user_id }, { locked_until });
    }
    if (user.failed_logins === INCIDENT_AT)
      this.events.announce('auth.brute_force', {
        user_id,
        email: user.email,
        failures: user.failed_logins,
        ip,
      });
  }
}
