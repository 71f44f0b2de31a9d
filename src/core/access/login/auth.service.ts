import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.service.js';
import { Units } from '../../database/units.js';
import { AuthenticationError, ValidationError } from '../../context/errors.js';
import { currentActor } from '../../context/request-context.js';
import { Rows } from '../../table/rows.js';
import type { ChangePasswordBody, LoginBody } from './auth.bodies.js';
import { AccessTokensService } from '../access-tokens/access-tokens.service.js';
import { Lockouts } from '../factors/lockouts.js';
import { Logins, Tokens } from '../tokens/logins.js';
import { Passwords } from '../factors/passwords.js';
import { Totp } from '../factors/totp.js';
import { User } from '../user.entity.js';

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
    private readonly accessTokens: AccessTokensService,
  ) {}

  async login(body: LoginBody): Promise<Tokens> {
    const tokens = await this.passwords.unhurried(() => this.attempt(body));
    if (!tokens) throw new AuthenticationError(REFUSED);
    return tokens;
  }

  private async attempt(body: LoginBody): Promise<Tokens | undefined> {
    const user = await this.rows.findOne(User, { email: body.email });
    const { matches, outdated } = await this.passwords.check(body.password, user?.password_hash ?? null);
    if (!user || !matches) return this.refuse(body.email, user);
    if (user.totp_enrolled && body.otp === undefined) return this.askForCode(user);
    const tokens = await this.units.run(async () => {
      if (user.totp_enrolled && !(await this.totp.use(user, body.otp ?? ''))) return undefined;
      if (!(await this.lockouts.admit(user))) return undefined;
      this.logins.record(user, 'auth.login', 'ok', { machine: body.machine });
      return this.logins.open(user, body.machine ?? null);
    });
    if (!tokens) {
      const spent = user.totp_enrolled && (await this.totp.isSpent(user, body.otp ?? ''));
      return this.refuse(body.email, user, !spent);
    }
    if (outdated) await this.renewHash(user, body.password);
    return tokens;
  }

  /** That a code is wanted says that the password is right: nobody hears it past the lock. */
  private async askForCode(user: User): Promise<undefined> {
    if (await this.units.run(() => this.lockouts.isFree(user)))
      throw new AuthenticationError('A one-time code is required', { otp_required: true });
    return this.refuse(user.email, user);
  }

  /** A hash of an older kind is replaced, unless the password was changed meanwhile. */
  private async renewHash({ id, password_hash: known }: User, password: string): Promise<void> {
    const password_hash = await this.passwords.hash(password);
    await this.units.run(() => this.rows.update(User, { id, password_hash: known }, { password_hash }));
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
    // First: that a new password is too weak must not tell whether the present one was right.
    await this.passwords.requireStrong(body.new_password, 'new_password', [user.email, user.name]);
    const password_hash = await this.passwords.hash(body.new_password);
    const action = 'auth.password_changed';
    const tokens = await this.withPassword(user, body.current_password, action, () =>
      this.putPassword(user, password_hash),
    );
    if (!tokens) throw wrongPassword('current_password');
    return tokens;
  }

  /** Whoever has stolen a token puts no second factor of theirs on the account. */
  async enrollTotp(password: string): Promise<{ secret: string; uri: string }> {
    const user = await this.me();
    const enrolment = await this.totp.prepare(user);
    const action = 'auth.totp_enroll';
    const made = await this.withPassword(user, password, action, () => this.totp.enroll(user, enrolment));
    if (!made) throw wrongPassword('password');
    return made;
  }

  async confirmTotp(otp: string): Promise<void> {
    const user = await this.me();
    const work = () => this.totp.confirm(user, otp);
    const confirmed = this.passwords.unhurried(() =>
      this.guarded(user, true, 'auth.totp_confirm', work, otp),
    );
    if (!(await confirmed)) throw ValidationError.of('otp', 'is not the present code', 'otp');
  }

  /** Wrong codes count like wrong passwords, and the answer does not say which of the two was wrong. */
  async disableTotp(password: string, otp: string): Promise<void> {
    const user = await this.me();
    const work = () => this.totp.disable(user, otp);
    if (!(await this.withPassword(user, password, 'auth.totp_disable', work, otp)))
      throw ValidationError.of('otp', 'is not the present code, or the password is wrong', 'otp');
  }

  /** Does what needs the present password. */
  private withPassword<T>(
    user: User,
    password: string,
    action: string,
    work: () => Promise<T | undefined>,
    otp?: string,
  ): Promise<T | undefined> {
    return this.passwords.unhurried(async () => {
      const { matches } = await this.passwords.check(password, user.password_hash);
      return this.guarded(user, matches, action, work, otp);
    });
  }

  /**
   * Does what needs a password or code, under the lock: of parallel guesses those after the fifth do nothing and
   * count nothing, nor does a right code that was used before. Wrong ones stand, with their entry, although the request is refused.
   */
  private async guarded<T>(
    user: User,
    right: boolean,
    action: string,
    work: () => Promise<T | undefined>,
    otp?: string,
  ): Promise<T | undefined> {
    const done = right
      ? await this.units.run(async () => ((await this.lockouts.isFree(user)) ? work() : undefined))
      : undefined;
    if (done) return done;
    const spent = right && otp !== undefined && (await this.totp.isSpent(user, otp));
    await this.units.run(async () => {
      if (!spent) await this.lockouts.count(user.id);
      this.logins.record(user, action, 'refused');
    });
    return undefined;
  }

  async me(): Promise<User> {
    const user = await this.rows.findOne(User, { id: currentActor().id });
    if (!user) throw new AuthenticationError('The user is gone');
    return user;
  }

  /** Conditional on the hash that was checked: of two changes at once one succeeds. */
  private async putPassword(user: User, password_hash: string): Promise<Tokens | undefined> {
    const known = { id: user.id, password_hash: user.password_hash };
    if ((await this.rows.update(User, known, { password_hash })) !== 1) return undefined;
    await this.logins.end({ user_id: user.id }, 'password changed');
    await this.accessTokens.revokeOf(user.id, 'password changed');
    this.logins.record(user, 'auth.password_changed', 'ok');
    return this.logins.open(user, null);
  }

  /** `guessed`: not so for a right code that was used before. */
  private async refuse(email: string, user: User | undefined, guessed = true): Promise<undefined> {
    await this.units.run(async () => {
      if (user && guessed) await this.lockouts.count(user.id);
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
    return undefined;
  }
}

function wrongPassword(field: string): ValidationError {
  return ValidationError.of(field, 'is not the present password', 'password');
}
