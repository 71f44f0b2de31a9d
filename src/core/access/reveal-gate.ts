import { Injectable } from '@nestjs/common';
import { AuthorizationError, StaleRowError } from '../context/errors.js';
import { currentHeader } from '../context/request-context.js';
import { visibleLength } from '../table/validators.js';
import { isLooser, type RevealPolicy } from './reveal-policy.js';
import { StepUp } from './factors/step-up.js';

const HEADERS = { reason: 'X-Opskeep-Reason', otp: 'X-Opskeep-Otp' } as const;
const ASKED = {
  reason: `a reason of at least 3 characters in the header ${HEADERS.reason}`,
  otp: `a fresh one-time code of your second factor in the header ${HEADERS.otp}`,
} as const;

/** What is refused, and what the caller can do instead, for the message. */
export interface Refused {
  /** `Revealing this credential` */
  what: string;
  /** `?reveal=false answers without the secrets` */
  instead?: string;
}

/** Asks for what a reveal policy demands: by the headers of the request, or by a reason that a body gave. */
@Injectable()
export class RevealGate {
  constructor(private readonly stepUp: StepUp) {}

  /**
   * Asked before the first statement of a unit.
   *
   * @returns the reason, if one was given
   * @throws AuthorizationError that names the header to send
   */
  async pass(policy: RevealPolicy, given: string | undefined, refused: Refused): Promise<string | undefined> {
    const reason = reasonOf(given);
    if (policy === 'open') return reason;
    const met = policy === 'reason' ? reason !== undefined : await this.stepUp.hasFreshCode();
    if (met) return reason;
    const advice = policy === 'otp' ? await this.stepUp.advice() : '';
    const instead = refused.instead ? `; ${refused.instead}` : '';
    throw new AuthorizationError(`${refused.what} needs ${ASKED[policy]}${advice}${instead}`, {
      policy,
      header: HEADERS[policy],
      given: currentHeader(HEADERS[policy].toLowerCase()) !== undefined,
    });
  }

  /** Only who passes a policy makes it looser. Asked before the first statement of a unit. */
  async passToLoosen(present: RevealPolicy, after: RevealPolicy): Promise<void> {
    if (isLooser(after, present))
      await this.pass(present, undefined, { what: 'Loosening the reveal policy' });
  }

  /**
   * The same inside the unit, for the rows as they are then.
   *
   * @throws StaleRowError where the policy was changed since {@link passToLoosen}: the unit runs anew
   */
  checkLoosening(present: RevealPolicy, after: RevealPolicy): void {
    if (!isLooser(after, present)) return;
    const passed = present === 'reason' ? reasonOf() !== undefined : this.stepUp.wasAsked;
    if (!passed) throw new StaleRowError('The reveal policy was changed at the same time');
  }
}

function reasonOf(given = currentHeader('x-opskeep-reason')): string | undefined {
  return given !== undefined && visibleLength(given) >= 3 ? given : undefined;
}
