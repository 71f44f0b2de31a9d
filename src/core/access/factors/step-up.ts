import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.service.js';
import { Units } from '../../database/units.js';
import { AuthenticationError, AuthorizationError, type ErrorDetails } from '../../context/errors.js';
import { RateLimits } from '../../http/limits/rate-limits.js';
import {
  currentActor,
  currentContext,
  currentHeader,
  type RequestContext,
} from '../../context/request-context.js';
import { Rows } from '../../table/rows.js';
import { Lockouts } from './lockouts.js';
import { Passwords } from './passwords.js';
import { Totp } from './totp.js';
import { User } from '../user.entity.js';

/** What proves that whoever holds a token is its user: either is enough. */
export interface Proof {
  /** The present password. */
  password?: string;
  /** A fresh one-time code of the user's second factor. */
  otp?: string;
}

/**
 * A token alone does not open what is guarded further: the user proves to be there. Each proof is an entry of the
 * trail; wrong ones count against the account's lockout and the limit of logins, like failed logins. Whoever comes with
 * an access token is not there, whatever it brings.
 */
@Injectable()
export class StepUp {
  private readonly codes = new WeakMap<RequestContext, Promise<boolean>>();
  private readonly advised = new WeakMap<RequestContext, Promise<string>>();

  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly passwords: Passwords,
    private readonly totp: Totp,
    private readonly lockouts: Lockouts,
    private readonly limits: RateLimits,
    private readonly audit: Audit,
  ) {}

  /**
   * Whether `X-Opskeep-Otp` holds a fresh code of the actor. It is used up once in a request, whatever asks for it:
   * one code opens all of a bulk. False without one.
   */
  hasFreshCode(): Promise<boolean> {
    const context = currentContext();
    const otp = currentHeader('x-opskeep-otp');
    if (!context || otp === undefined || currentActor().token) return Promise.resolve(false);
    let proved = this.codes.get(context);
    if (!proved) this.codes.set(context, (proved = this.proves({ otp })));
    return proved;
  }

  /**
   * A fresh code of whoever has a second factor, so that a stolen token does not outlive itself.
   *
   * @param what `Creating users`
   * @throws AuthorizationError without one
   */
  async requireCode(what: string, about: ErrorDetails): Promise<void> {
    const actor = currentActor();
    if (actor.kind !== 'user') return;
    if (!(await this.isEnrolled()) || (await this.hasFreshCode())) return;
    throw new AuthorizationError(
      `${what} needs a fresh one-time code of your second factor in the header X-Opskeep-Otp${await this.advice()}`,
      { header: 'X-Opskeep-Otp', given: currentHeader('x-opskeep-otp') !== undefined, ...about },
    );
  }

  /**
   * The present password or a fresh code, of everybody: for what cannot be undone, or is done in another one's place.
   *
   * @param what `Breaking the glass`
   * @throws AuthorizationError without either
   */
  async requirePresence(what: string, { password, otp }: Proof, about: ErrorDetails): Promise<void> {
    const given = password !== undefined || otp !== undefined;
    if (await (given ? this.proves({ password, otp }) : this.hasFreshCode())) return;
    const advice = given ? ': what was given is wrong, or was used already' : await this.adviceOnPresence();
    throw new AuthorizationError(
      `${what} needs your present password or a fresh one-time code (password or otp in the body, or the header X-Opskeep-Otp)${advice}`,
      about,
    );
  }

  /** As `advice`, where a password is as good. */
  private async adviceOnPresence(): Promise<string> {
    return (await this.isEnrolled()) ? this.advice() : ': give your password (password)';
  }

  private async isEnrolled(): Promise<boolean> {
    const [user] = await this.units.outside(() => this.rows.find(User, { id: currentActor().id }));
    return user?.totp_enrolled ?? false;
  }

  /** What to do about a code that is missing or was not accepted, as the rest of a sentence. */
  advice(): Promise<string> {
    const context = currentContext();
    const known = context && this.advised.get(context);
    if (known) return known;
    const advice = this.advise();
    if (context) this.advised.set(context, advice);
    return advice;
  }

  private async advise(): Promise<string> {
    if (currentActor().token) return ', which an access token cannot bring: log in';
    if (!(await this.isEnrolled()))
      return ', and you have none yet: enrol one by POST /api/auth/totp/enroll and confirm';
    return currentHeader('x-opskeep-otp') === undefined
      ? ''
      : ': the one given is wrong, or was used already';
  }

  /** Whether this request has brought its code already; a wrong one has ended it. */
  get wasAsked(): boolean {
    const context = currentContext();
    return context !== undefined && this.codes.has(context);
  }

  /**
   * False for a wrong password or code, for a locked account, and for a second factor that is not enrolled. Stands
   * in units of its own, so that a wrong one counts although the request is refused: to be asked before the first
   * statement of a unit.
   */
  proves(proof: Proof): Promise<boolean> {
    if (currentActor().token)
      throw new AuthorizationError('An access token does not prove that its user is there: log in for this');
    return this.units.outside(() => this.passwords.unhurried(() => this.check(proof)));
  }

  private async check({ password, otp }: Proof): Promise<boolean> {
    const ip = currentContext()?.ip;
    if (ip) await this.limits.take('login', ip);
    const user = await this.rows.findOne(User, { id: currentActor().id });
    if (!user) throw new AuthenticationError('The user is gone');
    const known =
      password !== undefined && (await this.passwords.check(password, user.password_hash)).matches;
    return this.units.run(async () => {
      const right = known || (user.totp_enrolled && otp !== undefined && (await this.totp.use(user, otp)));
      const proved = right && (await this.lockouts.isFree(user));
      // Beside a password, a used code would let that be guessed.
      const spent =
        password === undefined &&
        otp !== undefined &&
        user.totp_enrolled &&
        (await this.totp.isSpent(user, otp));
      if (!proved && !spent) await this.lockouts.count(user.id);
      this.audit.record({
        action: 'auth.step_up',
        outcome: proved ? 'ok' : 'refused',
        resource_type: 'user',
        resource_id: user.id,
        name: user.email,
        details: { by: password === undefined ? 'otp' : 'password' },
      });
      return proved;
    });
  }
}
