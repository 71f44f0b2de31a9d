import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.service.js';
import { Units } from '../database/units.js';
import { AuthenticationError, ValidationError } from '../context/errors.js';
import { currentActor } from '../context/request-context.js';
import { Rows } from '../table/rows.js';
import type { ChangePasswordBody, LoginBody } from './auth.bodies.js';
import { Lockouts } from './lockouts.js';
import { Logins, Tokens } from './logins.js';
import { Passwords } from './passwords.js';
import { Totp } from './totp.js';
import { User } from './user.entity.js';

const REFUSED = 'Wrong email, password or code, or the account is disabled or locked for a while';

/** Logging in and what concerns one's own account. Unknown user and wrong password look and last the same. */
@Injectable()
export class AuthService {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly passwords: Passwords,
    private readonly logins: Logins,
    private readonly totp: Totp,
    private readonly lockouts: Lockouts,
    private readonly audit: Audit,
  ) {}

  async login(body: LoginBody): Promise<Tokens> {
    const user = await this.rows.findOne(User, { email: body.email });
    const { matches, outdated } = await this.passwords.check(body.password, user?.password_hash ?? null);
    if (!user || !matches || !user.is_active || this.lockouts.isLocked(user))
      return this.refuse(body.email, user);
    if (user.totp_enrolled && body.otp === undefined)
      throw new AuthenticationError('A one-time code is required', { otp_required: true });
    const hash = outdated ? await this.passwords.hash(body.password) : user.password_hash;
    const tokens = await this.units.run(async () => {
      if (user.totp_enrolled && !(await this.totp.use(user, body.otp ?? ''))) return undefined;
      if (!(await this.lockouts.admit(user, hash))) return undefined;
      this.logins.record(user, 'auth.login', 'ok', { machine: body.machine });
      return this.logins.open(user, body.machine ?? null);
    });
    return tokens ?? this.refuse(body.email, user);
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
    if (!matches || this.lockouts.isLocked(user)) await this.countWrong(user, 'auth.password_changed');
    else {
      await this.passwords.requireStrong(body.new_password, 'new_password', [user.email, user.name]);
      const password_hash = await this.passwords.hash(body.new_password);
      const tokens = await this.units.run(() => this.replacePassword(user, password_hash));
      if (tokens) return tokens;
    }
    throw ValidationError.of('current_password', 'is not the present password', 'password');
  }

  async confirmTotp(otp: string): Promise<void> {
    if (!(await this.totp.confirm(await this.me(), otp))) throw wrongCode();
  }

  /** Whoever has stolen a token may not guess codes: wrong ones count like failed logins. */
  async disableTotp(otp: string): Promise<void> {
    const user = await this.me();
    if (!this.lockouts.isLocked(user) && (await this.totp.disable(user, otp))) return;
    await this.countWrong(user, 'auth.totp_disable');
    throw wrongCode();
  }

  async me(): Promise<User> {
    const user = await this.rows.findOne(User, { id: currentActor().id });
    if (!user) throw new AuthenticationError('The user is gone');
    return user;
  }

  /** Conditional on the hash that was checked: of two changes at once one succeeds. */
  private async replacePassword(user: User, password_hash: string): Promise<Tokens | undefined> {
    const known = { id: user.id, password_hash: user.password_hash };
    if ((await this.rows.update(User, known, { password_hash })) !== 1) return undefined;
    await this.logins.end({ user_id: user.id }, 'password changed');
    this.logins.record(user, 'auth.password_changed', 'ok');
    return this.logins.open(user, null);
  }

  /** In a unit that stands although the request is refused. */
  private countWrong(user: User, action: string): Promise<void> {
    return this.units.run(async () => {
      await this.lockouts.count(user.id);
      this.logins.record(user, action, 'refused');
    });
  }

  private async refuse(email: string, user: User | undefined): Promise<never> {
    await this.units.run(async () => {
      if (user) await this.lockouts.count(user.id);
      this.audit.record({
        action: 'auth.login',
        outcome: 'refused',
        resource_type: 'user',
        resource_id: user?.id ?? null,
        name: user ? email : null,
        details: { known: user !== undefined, locked: user !== undefined && this.lockouts.isLocked(user) },
        actor: { type: 'anonymous', id: user?.id ?? null, name: user ? email : null },
      });
    });
    throw new AuthenticationError(REFUSED);
  }
}

function wrongCode(): ValidationError {
  return ValidationError.of('otp', 'is not the present code', 'otp');
}
