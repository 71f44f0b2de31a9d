import { Injectable } from '@nestjs/common';
import { Passwords } from '../../core/access/factors/passwords.js';
import { User } from '../../core/access/user.entity.js';
import { Audit, type AuditFact } from '../../core/audit/audit.service.js';
import { AuthorizationError, NotFoundError } from '../../core/context/errors.js';
import { currentContext } from '../../core/context/request-context.js';
import { LinkSeals } from '../../core/crypto/link-seals.js';
import { OpeningError } from '../../core/crypto/opening-error.js';
import { Units } from '../../core/database/units.js';
import { encodeMoment, now } from '../../core/database/values.js';
import { EventBus } from '../../core/events/events.js';
import { RateLimits } from '../../core/http/limits/rate-limits.js';
import { Rows } from '../../core/table/rows.js';
import { Credential } from '../credentials/credential.entity.js';
import { credentialFact } from '../credentials/reveal/opening.service.js';
// The types of the events are declared there.
import type {} from '../vault-events.js';
import { CredentialShare } from './credential-share.entity.js';
import { ShareStanding } from './share-standing.service.js';
import type { RedeemBody, RedeemedShare } from './share.bodies.js';
import { isOpen, normal, placeOfShare, tokenHash } from './shares.service.js';

const MOST_FAILURES = 5;
/** A link that may be used now; the same in every statement that uses it or counts against it. */
const OPEN = `revoked_at IS NULL AND sealed IS NOT NULL AND views_left > 0 AND failures < ${MOST_FAILURES} AND expires_at > ?`;

/** An open link with what it belongs to. */
interface Found {
  share: CredentialShare;
  credential: Credential;
  /** Who is on the trail for it: nobody is logged in. */
  actor: NonNullable<AuditFact['actor']>;
}

/** Opens links for whoever has them. What is over, used up, revoked or unknown is the same to a stranger. */
@Injectable()
export class Redeeming {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly audit: Audit,
    private readonly events: EventBus,
    private readonly limits: RateLimits,
    private readonly passwords: Passwords,
    private readonly seals: LinkSeals,
    private readonly standing: ShareStanding,
  ) {}

  /** One view: fifty at once on a link for one have one success. Entry and count are committed before the answer. */
  async redeem({ token, passphrase }: RedeemBody): Promise<RedeemedShare> {
    const found = await this.open(tokenHash(token));
    await this.requirePassphrase(found, passphrase);
    const { share, credential, actor } = found;
    const sealed = await this.outer(found);
    const views_left = await this.units.run(async () => {
      const time = encodeMoment(now());
      // In this order: MariaDB gives later assignments what earlier ones have set.
      const used = await this.units.sql.change(
        'UPDATE credential_shares SET sealed = CASE WHEN views_left = 1 THEN NULL ELSE sealed END, ' +
          `views_left = views_left - 1, last_redeemed_at = ? WHERE id = ? AND ${OPEN}`,
        [time, share.id, time],
      );
      if (used !== 1) throw gone();
      const left = (await this.rows.findOne(CredentialShare, { id: share.id }))?.views_left ?? 0;
      const details = { share_id: share.id, fields: share.fields, views_left: left };
      this.audit.record({ ...credentialFact(credential, 'credential.reveal', details), actor });
      const { id: share_id, credential_id, created_by } = share;
      this.events.announce('vault.share_redeemed', { share_id, credential_id, created_by, views_left: left });
      return left;
    });
    return { sealed, views_left };
  }

  /** It opens only while what it stands on is there. */
  private async open(token_hash: string): Promise<Found> {
    const share = await this.rows.findOne(CredentialShare, { token_hash });
    const credential = share && (await this.rows.findOne(Credential, { id: share.credential_id }));
    if (!share || !credential) throw gone();
    const maker = await this.rows.findOne(User, { id: share.created_by });
    const actor = { type: 'anonymous', id: null, name: `link of ${maker?.email ?? 'nobody'}` } as const;
    const found = { share, credential, actor };
    if (isOpen(share) && !(await this.standing.lostBy(share.created_by, credential))) return found;
    await this.audit.recordRefused({
      ...credentialFact(credential, 'credential.reveal', { share_id: share.id }),
      actor,
    });
    throw gone();
  }

  private async requirePassphrase(found: Found, passphrase: string | undefined): Promise<void> {
    const { share } = found;
    if (share.passphrase_hash === null) return;
    if (passphrase === undefined) throw needsPassphrase('This link needs its passphrase');
    const ip = currentContext()?.ip;
    if (ip) await this.limits.take('login', ip);
    const hash = share.passphrase_hash;
    const check = () => this.passwords.check(normal(passphrase), hash);
    const isRight = await this.passwords.unhurried(async () => (await check()).matches);
    if (isRight) return;
    const left = await this.countFailure(found);
    if (left === 0) throw gone();
    throw needsPassphrase(`This is not the passphrase; ${left} more, and the link ends`);
  }

  /** @returns how many wrong ones it bears from here on */
  private countFailure({ share, credential, actor }: Found): Promise<number> {
    return this.units.run(async () => {
      const time = encodeMoment(now());
      const last = `failures = ${MOST_FAILURES - 1}`;
      await this.units.sql.change(
        `UPDATE credential_shares SET sealed = CASE WHEN ${last} THEN NULL ELSE sealed END, ` +
          `revoked_at = CASE WHEN ${last} THEN ? ELSE revoked_at END, ` +
          `revoked_because = CASE WHEN ${last} THEN 'wrong passphrases' ELSE revoked_because END, ` +
          `failures = failures + 1 WHERE id = ? AND ${OPEN}`,
        [time, share.id, time],
      );
      const { failures = MOST_FAILURES } = (await this.rows.findOne(CredentialShare, { id: share.id })) ?? {};
      const details = { share_id: share.id, wrong_passphrases: failures };
      this.audit.record({ ...credentialFact(credential, 'credential.reveal', details, 'refused'), actor });
      return Math.max(0, MOST_FAILURES - failures);
    });
  }

  /** What does not open, be it that its key was destroyed, is on the trail, uses no view up, and tells a stranger nothing. */
  private async outer({ share, credential, actor }: Found): Promise<string> {
    if (share.sealed === null) throw gone();
    try {
      return await this.seals.openOuter(placeOfShare(share.id), share.sealed);
    } catch (error) {
      if (error instanceof OpeningError) {
        const fact = credentialFact(credential, 'credential.reveal', { share_id: share.id }, 'failed');
        await this.audit.recordRead({ ...fact, actor });
        this.events.announce('vault.opening_failed', { credential_id: credential.id, field: 'share' });
        throw gone();
      }
      throw error;
    }
  }
}

const gone = () => new NotFoundError('This link opens nothing: it is over, was used, or never was');

const needsPassphrase = (message: string) => new AuthorizationError(message, { passphrase: true });
