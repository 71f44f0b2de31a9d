import { createHash, randomBytes } from 'node:crypto';
import { Injectable, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../audit/audit.service.js';
import { AppSettings } from '../../config/settings.js';
import { Units } from '../../database/units.js';
import { AuthenticationError } from '../../context/errors.js';
import { systemActor } from '../../context/actor.js';
import { currentContext, runAs } from '../../context/request-context.js';
import { DAY_MS, encodeMoment, momentIn, now } from '../../database/values.js';
import { Rows } from '../../table/rows.js';
import { Periodic } from '../../workers/periodic.js';
import { Login, RefreshToken } from './login.entity.js';
import { TokenSigner } from './token-signer.js';
import { User } from '../user.entity.js';

/** What a login or a refresh answers with. */
export interface Tokens {
  access_token: string;
  token_type: 'bearer';
  /** Seconds. */
  expires_in: number;
  refresh_token: string;
  scopes: string[];
}

const HOUR_MS = 3_600_000;
const digest = (token: string) => createHash('sha256').update(token).digest('hex');

/** Logins and their refresh tokens: each token works once, and a second use ends the login (RFC 9700, 4.14). */
@Injectable()
export class Logins implements OnModuleInit, OnApplicationShutdown {
  private readonly sweep = new Periodic(() => this.forgetOld(), { every: HOUR_MS });

  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly audit: Audit,
    private readonly signer: TokenSigner,
    private readonly settings: AppSettings,
  ) {}

  onModuleInit(): void {
    this.sweep.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.sweep.end();
  }

  /** Opens a login inside the running unit. */
  async open(user: User, machine: string | null): Promise<Tokens> {
    const context = currentContext();
    const id = uuidv7();
    await this.rows.insert(Login, {
      id,
      user_id: user.id,
      machine,
      ip: context?.ip?.slice(0, 45) ?? null,
      user_agent: context?.user_agent?.slice(0, 300) ?? null,
      created_at: now(),
      expires_at: momentIn(this.settings.REFRESH_TOKEN_EXPIRE_DAYS * DAY_MS),
    });
    return this.issue(user, id, machine);
  }

  /** Exchanges a refresh token; 401 when it is unknown, over, or used before (which ends the whole login). */
  async refresh(token: string): Promise<Tokens> {
    const outcome = await this.units.run(() => this.exchange(token));
    if (outcome) return outcome;
    throw new AuthenticationError('The refresh token is unknown, expired, revoked or was used before');
  }

  private async exchange(token: string): Promise<Tokens | undefined> {
    const [row] = await this.rows.find(RefreshToken, { id: digest(token) });
    const login = row && (await this.rows.findOne(Login, { id: row.login_id }));
    if (!row || !login || login.revoked_at !== null || Date.parse(login.expires_at) <= Date.now())
      return undefined;
    const user = await this.rows.findOne(User, { id: login.user_id });
    if (!user?.is_active) return undefined;
    if ((await this.rows.update(RefreshToken, { id: row.id, used_at: null }, { used_at: now() })) !== 1) {
      await this.end({ id: login.id }, 'refresh token used twice');
      this.record(user, 'auth.refresh_reused', 'refused', { login_id: login.id });
      return undefined;
    }
    this.record(user, 'auth.refresh', 'ok', { login_id: login.id });
    return this.issue(user, login.id, login.machine);
  }

  /** Revokes logins of a user (all, or one); their tokens are refused from then on. */
  async end(which: { id: string } | { user_id: string }, reason: string): Promise<number> {
    return this.rows.update(
      Login,
      { ...which, revoked_at: null },
      { revoked_at: now(), revoked_reason: reason },
    );
  }

  /** Removes logins that have been over for a week. */
  async forgetOld(): Promise<void> {
    const limit = encodeMoment(momentIn(-7 * DAY_MS));
    await runAs(systemActor('cleanup'), () =>
      this.units.run(async () => {
        const count = await this.units.sql.change('DELETE FROM logins WHERE expires_at < ?', [limit]);
        if (count > 0) this.audit.record({ action: 'auth.logins_expired', details: { count } });
      }),
    );
  }

  record(user: User, action: string, outcome: 'ok' | 'refused', details: Record<string, unknown> = {}): void {
    this.audit.record({
      action,
      outcome,
      resource_type: 'user',
      resource_id: user.id,
      name: user.email,
      details,
      actor: { type: 'user', id: user.id, name: user.email },
    });
  }

  private async issue(user: User, login_id: string, machine: string | null): Promise<Tokens> {
    const refresh_token = randomBytes(32).toString('base64url');
    await this.rows.insert(RefreshToken, { id: digest(refresh_token), login_id, created_at: now() });
    const access_token = this.signer.sign({
      sub: user.email,
      uid: user.id,
      sid: login_id,
      scopes: user.scopes,
      machine,
    });
    return {
      access_token,
      token_type: 'bearer',
      expires_in: this.signer.seconds,
      refresh_token,
      scopes: user.scopes,
    };
  }
}
