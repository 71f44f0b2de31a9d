import { Injectable } from '@nestjs/common';
import { Totp } from '../../core/access/totp.js';
import { User } from '../../core/access/user.entity.js';
import { AppSettings } from '../../core/config/settings.js';
import { Units } from '../../core/database/units.js';
import { EventBus } from '../../core/events/events.js';
import { AuthorizationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import type { Asked } from '../../core/resource/resource.service.js';
import { Rows } from '../../core/table/rows.js';
import type { Credential } from './credential.entity.js';
// The type of the event is declared there.
import type {} from './vault-events.js';

/** What revealing asks for beyond the right to it, and who reveals unusually much. */
@Injectable()
export class RevealGate {
  private readonly recent = new Map<string, { at: number; id: string }[]>();

  constructor(
    private readonly settings: AppSettings,
    private readonly rows: Rows,
    private readonly units: Units,
    private readonly totp: Totp,
    private readonly events: EventBus,
  ) {}

  /** Passes when the credential's policy is met; returns the reason, if one was given. */
  async pass(
    credential: Credential,
    asked: Pick<Asked, 'headers'> & { reason?: string },
  ): Promise<string | undefined> {
    const reason = asked.reason ?? textOf(asked.headers['x-opskeep-reason']);
    if (credential.reveal_policy === 'reason' && !reason)
      throw new AuthorizationError('Revealing this credential needs a reason (X-Opskeep-Reason)', {
        policy: 'reason',
      });
    if (credential.reveal_policy === 'otp') await this.checkCode(textOf(asked.headers['x-opskeep-otp']));
    return reason;
  }

  /** Called after a reveal is on the record; judges a bulk reveal once, by its size. */
  noteReveal(ids: string[]): void {
    const { MASS_REVEAL_LIMIT: limit, MASS_REVEAL_WINDOW_MINUTES: minutes } = this.settings;
    if (limit === 0) return;
    const actor = currentActor();
    const from = Date.now() - minutes * 60_000;
    const known = (this.recent.get(actor.id) ?? []).filter(one => one.at > from);
    const before = new Set(known.map(one => one.id)).size;
    known.push(...ids.map(id => ({ at: Date.now(), id })));
    const distinct = [...new Set(known.map(one => one.id))];
    this.recent.set(actor.id, known.slice(-5000));
    if (before < limit && distinct.length >= limit)
      this.events.announce('vault.mass_reveal', {
        actor_id: actor.id,
        actor_name: actor.name,
        credential_ids: distinct,
      });
  }

  private async checkCode(code: string | undefined): Promise<void> {
    const actor = currentActor();
    const user = code === undefined ? undefined : await this.rows.findOne(User, { id: actor.id });
    const good = user?.totp_enrolled && (await this.units.run(() => this.totp.use(user, code ?? '')));
    if (!good)
      throw new AuthorizationError('Revealing this credential needs a fresh one-time code (X-Opskeep-Otp)', {
        policy: 'otp',
      });
  }
}

function textOf(header: string | string[] | undefined): string | undefined {
  const text = [header].flat()[0]?.trim();
  return text ? text.slice(0, 500) : undefined;
}
