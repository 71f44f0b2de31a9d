import { Injectable } from '@nestjs/common';
import type { UsedApproval } from '../../../core/access/approvals.js';
import { type Refused, RevealGate } from '../../../core/access/reveal-gate.js';
import { asksForApproval } from '../../../core/access/reveal-policy.js';
import { Audit, type AuditFact } from '../../../core/audit/audit.service.js';
import { Refusals, refusing, type RefusedFact } from '../../../core/audit/refusals.js';
import { OpeningError } from '../../../core/crypto/opening-error.js';
import { Opener } from '../../../core/crypto/opener.js';
import { Units } from '../../../core/database/units.js';
import { EventBus } from '../../../core/events/events.js';
import { mayOpen, type TokenAction } from '../../../core/context/actor.js';
import { AuthorizationError } from '../../../core/context/errors.js';
import { currentActor, renewActor } from '../../../core/context/request-context.js';
import type { ReadCredential } from '../credential-reader.js';
import { placeOf, sealedBy, type SealedSecret } from '../secrets/credential-secrets.service.js';
import type { Credential } from '../credential.entity.js';
import { disclose, type DisclosedSecrets, type OpenedSecrets } from './opened-secrets.js';
import { RevealSeries } from './reveal-series.js';
import { NEVER_SHOWN, type SecretField } from '../../../formats/credential-types.js';

/** What is to be opened, and what the trail says of it. */
export interface Wish {
  /** `decrypt` for what the earlier manager's clients know as reading a credential, `reveal` for all else. */
  action: 'credential.decrypt' | 'credential.reveal';
  /** The reason that a body gave; that of the header otherwise. */
  reason?: string;
  /** What an access token must be made for; `reveal` when absent. */
  needs?: TokenAction;
  /** Which fields; all that may be shown when absent. */
  only?: (field: string) => boolean;
  /** Other secrets than the present ones. */
  sealed?: SealedSecret[];
  /** For the entry, beside the fields and the reason. */
  details?: Record<string, unknown>;
  /** What a refused caller can do instead. */
  instead?: string;
}

/** The secrets, or why not. */
export type Opened = { secrets: OpenedSecrets } | { refused: AuthorizationError };

/** One that is open, and what the trail will say of it. */
interface Unsealed {
  one: ReadCredential;
  secrets: OpenedSecrets;
  fact: AuditFact;
}

/**
 * The one way to a secret. Whoever may, passes the policy, and is on the record before the secret is handed over; who
 * may not is on the record as well. Nothing else in the wings has the opener: `.dependency-cruiser.cjs` sees to it.
 */
@Injectable()
export class Opening {
  constructor(
    private readonly units: Units,
    private readonly opener: Opener,
    private readonly audit: Audit,
    private readonly refusals: Refusals,
    private readonly events: EventBus,
    private readonly gate: RevealGate,
    private readonly series: RevealSeries,
  ) {}

  /** @throws AuthorizationError without the right or the policy's demand; OpeningError; UnavailableError */
  async open(one: ReadCredential, wish: Wish): Promise<OpenedSecrets> {
    const [opened] = (await this.openEach([one], wish)) as [Opened];
    if ('secrets' in opened) return opened.secrets;
    throw refusing(opened.refused, refusedFact(one.credential, wish, opened.refused));
  }

  /** Of several, each on its own: one entry for each, committed together. Those refused are told to the trail. */
  async openMany(
    ids: string[],
    found: Map<string, ReadCredential>,
    wish: Wish,
  ): Promise<Map<string, Opened>> {
    const seen = ids.flatMap(id => found.get(id) ?? []);
    const opened = await this.openEach(seen, wish);
    const refused = seen.flatMap(({ credential }, n) => {
      const one = opened[n];
      return one && 'refused' in one ? [refusedFact(credential, wish, one.refused)] : [];
    });
    const unseen = ids.filter(id => !found.has(id)).map(id => unseenFact(id, wish));
    await this.refusals.record(...refused, ...unseen);
    return new Map(seen.map(({ credential }, n) => [credential.id, opened[n] as Opened]));
  }

  /**
   * For a secret that is made rather than opened. Asked before the first statement of the unit that makes it.
   *
   * @returns the reason, if one was given
   * @throws AuthorizationError without the right or the policy's demand
   */
  async admit(one: ReadCredential, wish: Wish): Promise<string | undefined> {
    const passed = await this.pass(one, wish);
    if (passed instanceof AuthorizationError)
      throw refusing(passed, refusedFact(one.credential, wish, passed));
    return passed.reason;
  }

  /**
   * Secrets that the running unit has made, for who was admitted; the entry is committed together with them, and so is
   * the use of an approval.
   *
   * @throws AuthorizationError where the approval has ended meanwhile
   */
  async handOver(
    { policy, isBroken }: Pick<ReadCredential, 'policy' | 'isBroken'>,
    credential: Credential,
    secrets: OpenedSecrets,
    reason: string | undefined,
  ): Promise<DisclosedSecrets> {
    const used = await this.gate.use(policy, revealing(credential));
    const by = isBroken ? { break_glass: true } : {};
    const details = { fields: Object.keys(secrets), generated: true, reason, ...by, ...used };
    this.audit.record(credentialFact(credential, 'credential.reveal', details));
    this.series.noteRevealed([credential.id]);
    return disclose(secrets);
  }

  private async openEach(ones: ReadCredential[], wish: Wish): Promise<Opened[]> {
    const results: (Unsealed | { refused: AuthorizationError })[] = [];
    for (const one of ones) {
      const passed = await this.pass(one, wish);
      if (passed instanceof AuthorizationError) {
        results.push({ refused: passed });
        continue;
      }
      const secrets = await this.unseal(one.credential, wish.sealed ?? one.sealed, wish.only);
      const by = one.isBroken ? { break_glass: true } : {};
      const details = { fields: Object.keys(secrets), reason: passed.reason, ...by, ...wish.details };
      results.push({ one, secrets, fact: credentialFact(one.credential, wish.action, details) });
    }
    const unsealed = results.filter(one => 'secrets' in one);
    const refused = await this.recordAll(unsealed);
    // The entry may have waited for its turn: whoever lost the right meanwhile is on the record, and gets nothing.
    await renewActor();
    const opened = unsealed.filter(one => !refused.has(one));
    this.series.noteRevealed(opened.map(({ fact }) => String(fact.resource_id)));
    return results.map(one => ('refused' in one ? one : (refused.get(one) ?? { secrets: one.secrets })));
  }

  /** The entries. With them approvals are used up, or are not: then what was opened is handed to nobody. */
  private async recordAll(
    unsealed: Unsealed[],
  ): Promise<ReadonlyMap<Unsealed, { refused: AuthorizationError }>> {
    const refused = new Map<Unsealed, { refused: AuthorizationError }>();
    if (unsealed.some(({ one }) => asksForApproval(one.policy)))
      await this.units.run(async () => {
        refused.clear();
        for (const each of unsealed) {
          const { fact } = each;
          const used = await this.use(each.one);
          if (used instanceof AuthorizationError) refused.set(each, { refused: used });
          else await this.audit.recordRead({ ...fact, details: { ...fact.details, ...used } });
        }
      });
    else if (unsealed.length > 0) await this.audit.recordRead(...unsealed.map(one => one.fact));
    return refused;
  }

  private use({
    policy,
    credential,
  }: ReadCredential): Promise<UsedApproval | undefined | AuthorizationError> {
    return this.gate.use(policy, revealing(credential)).catch(refusedAbout(credential));
  }

  private async pass(one: ReadCredential, wish: Wish): Promise<{ reason?: string } | AuthorizationError> {
    const { credential, right, policy, isClosed } = one;
    const about = { resource_type: 'Credential', resource_id: credential.id };
    if (right.level === 'view')
      return new AuthorizationError('This needs the grant reveal on the credential', about);
    if (isClosed)
      return new AuthorizationError('The client was off-boarded: nothing of it opens any more', about);
    if (!mayOpen(currentActor(), credential.id, wish.needs))
      return new AuthorizationError(`This access token lacks the action ${wish.needs ?? 'reveal'}`, about);
    const passed = this.gate.pass(policy, wish.reason, revealing(credential, wish.instead));
    return passed.then(reason => ({ reason })).catch(refusedAbout(credential));
  }

  /** What does not open is an entry in the journal and an error, never a silent null. */
  private async unseal(
    credential: Credential,
    sealed: SealedSecret[],
    only = (field: string) => field !== NEVER_SHOWN,
  ): Promise<OpenedSecrets> {
    const secrets: OpenedSecrets = {};
    for (const { field, version, sealed: value } of sealed.filter(one => only(one.field))) {
      try {
        const place = placeOf(credential.id, field, version);
        secrets[field as SecretField] = await this.opener.open(place, value, sealedBy(credential));
      } catch (error) {
        if (error instanceof OpeningError) await this.tellFailure(credential, field);
        throw error;
      }
    }
    return secrets;
  }

  private async tellFailure(credential: Credential, field: string): Promise<void> {
    await this.audit.recordRead(credentialFact(credential, 'credential.decrypt', { field }, 'failed'));
    this.events.announce('vault.opening_failed', { credential_id: credential.id, field });
  }
}

function revealing({ id }: Credential, instead?: string): Refused {
  return { what: 'Revealing this credential', wanted: { of: 'credential', id, purpose: 'reveal' }, instead };
}

/** An error that refuses, as a value that says what; any other is thrown on. */
const refusedAbout =
  ({ id }: Credential) =>
  (error: unknown): AuthorizationError => {
    if (!(error instanceof AuthorizationError)) throw error;
    Object.assign(error.details, { resource_type: 'Credential', resource_id: id });
    return error;
  };

/** An entry about a credential. */
export function credentialFact(
  credential: Credential,
  action: string,
  details: Record<string, unknown> = {},
  outcome: AuditFact['outcome'] = 'ok',
): AuditFact {
  const { id, client_id, name, service_name, credential_type } = credential;
  return {
    action,
    outcome,
    resource_type: 'credential',
    resource_id: id,
    client_id,
    name: name ?? service_name,
    details: { service_name, credential_type, ...details },
  };
}

function refusedFact(
  credential: Credential,
  { action, details }: Wish,
  error: AuthorizationError,
): RefusedFact {
  const { id, client_id, name, service_name } = credential;
  const { policy, given } = error.details;
  return {
    action,
    resource_type: 'credential',
    resource_id: id,
    client_id,
    name: name ?? service_name,
    details: { status: error.status, policy, given, ...details },
  };
}

const unseenFact = (id: string, { action }: Wish): RefusedFact => ({
  action,
  resource_type: 'credential',
  resource_id: id,
  details: { status: 404 },
});
