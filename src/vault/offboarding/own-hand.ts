import type { Proof, StepUp } from '../../core/access/factors/step-up.js';
import { refusing, type RefusedFact } from '../../core/audit/refusals.js';
import { AuthorizationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import type { Client } from '../../directory/clients/client.entity.js';

/** What concerns all secrets of a client is done by a user, who is asked anew, and by no access token. */
export class OwnHand {
  readonly about: { resource_type: string; resource_id: string };

  /** @param fact what the trail says of a refusal */
  constructor(
    private readonly stepUp: StepUp,
    { id }: Client,
    private readonly fact: RefusedFact,
  ) {
    this.about = { resource_type: 'Client', resource_id: id };
  }

  /** @throws AuthorizationError for an access token, which `says` begins to say */
  requireUser(says: string): void {
    if (currentActor().token)
      throw refusing(new AuthorizationError(`${says}: log in for that`, this.about), this.fact);
  }

  /** @param what is done, as the answer says it. @throws as StepUp does */
  async requirePresence(what: string, proof: Proof): Promise<void> {
    await this.stepUp.requirePresence(what, proof, this.about).catch((error: unknown) => {
      throw error instanceof AuthorizationError ? refusing(error, this.fact) : error;
    });
  }
}
