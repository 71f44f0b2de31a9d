import { Injectable } from '@nestjs/common';
import { AuthorizationError, StaleRowError } from '../context/errors.js';
import { currentHeader } from '../context/request-context.js';
import { visibleLength } from '../table/validators.js';
import type { Approvals, ToApprove, UsedApproval } from './approvals.js';
import { asksForApproval, asksForCode, type Demand, isLooser } from './reveal-policy.js';
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
  /** What a second person approves. */
  wanted: ToApprove;
  /** `?reveal=false answers without the secrets` */
  instead?: string;
}

/** Asks for what a reveal policy demands: by the headers of the request, by a reason of a body, or by an approval. */
@Injectable()
export class RevealGate {
  private approvals?: Approvals;

  constructor(private readonly stepUp: StepUp) {}

  /** Who knows of approvals. */
  approvedBy(approvals: Approvals): void {
    this.approvals = approvals;
  }

  /**
   * Asked before the first statement of a unit. An approval is looked at here, and used up by {@link use}.
   *
   * @returns the reason, if one was given
   * @throws AuthorizationError that names the header to send, or how to ask for an approval
   */
  async pass(demand: Demand, given: string | undefined, refused: Refused): Promise<string | undefined> {
    const reason = reasonOf(given);
    if (demand === 'reason' && reason === undefined) throw this.headerMissing('reason', '', refused);
    // Before the code, which would be used up for nothing.
    if (asksForApproval(demand) && !(await this.approvals?.has(refused.wanted)))
      throw await this.notApproved(refused);
    if (asksForCode(demand) && !(await this.stepUp.hasFreshCode()))
      throw this.headerMissing('otp', await this.stepUp.advice(), refused);
    return reason;
  }

  /**
   * In the running unit, for who has passed: uses the approval, where one was asked for.
   *
   * @throws AuthorizationError where it was used or ended meanwhile
   */
  async use(demand: Demand, refused: Refused): Promise<UsedApproval | undefined> {
    if (!asksForApproval(demand)) return undefined;
    const used = await this.approvals?.use(refused.wanted);
    if (!used) throw await this.notApproved(refused);
    return used;
  }

  /** Only who passes a policy makes it looser. Asked before the first statement of a unit. */
  async passToLoosen(present: Demand, after: Demand, target: Loosened): Promise<void> {
    if (isLooser(after, present)) await this.pass(present, undefined, loosening(target));
  }

  /**
   * The same inside the unit, for the rows as they are then; an approval is used up.
   *
   * @throws StaleRowError where the policy was changed since {@link passToLoosen}: the unit runs anew
   */
  async checkLoosening(present: Demand, after: Demand, target: Loosened): Promise<void> {
    if (!isLooser(after, present)) return;
    const hasPassed =
      present === 'reason' ? reasonOf() !== undefined : !asksForCode(present) || this.stepUp.wasAsked;
    if (!hasPassed) throw new StaleRowError('The reveal policy was changed at the same time');
    await this.use(present, loosening(target));
  }

  private async notApproved({ what, instead, wanted }: Refused): Promise<AuthorizationError> {
    const advice = (await this.approvals?.advice(wanted)) ?? '';
    return new AuthorizationError(`${what} needs the approval of a second person${advice}${rest(instead)}`, {
      policy: 'approval',
    });
  }

  private headerMissing(
    asked: keyof typeof HEADERS,
    advice: string,
    { what, instead }: Refused,
  ): AuthorizationError {
    const given = currentHeader(HEADERS[asked].toLowerCase()) !== undefined;
    const message = `${what} needs ${ASKED[asked]}${advice}${rest(instead)}`;
    return new AuthorizationError(message, { policy: asked, header: HEADERS[asked], given });
  }
}

/** Whose policy is made looser. */
export type Loosened = Pick<ToApprove, 'of' | 'id'>;

function loosening(target: Loosened): Refused {
  return { what: 'Loosening the reveal policy', wanted: { ...target, purpose: 'loosen' } };
}

const rest = (instead: string | undefined) => (instead ? `; ${instead}` : '');

function reasonOf(given = currentHeader('x-opskeep-reason')): string | undefined {
  return given !== undefined && visibleLength(given) >= 3 ? given : undefined;
}
