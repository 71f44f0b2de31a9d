import { Injectable } from '@nestjs/common';
import { Audit } from '../../core/audit/audit.service.js';
import { refusing } from '../../core/audit/refusals.js';
import { StepUp } from '../../core/access/factors/step-up.js';
import { Units } from '../../core/database/units.js';
import { EventBus } from '../../core/events/events.js';
import { AuthorizationError, ConflictError } from '../../core/context/errors.js';
import { asksForApproval } from '../../core/access/reveal-policy.js';
import { currentActor } from '../../core/context/request-context.js';
import { newId } from '../../core/database/new-id.js';
import { momentIn, now } from '../../core/database/values.js';
import { Rows } from '../../core/table/rows.js';
import { missingCredential } from '../credentials/credential-errors.js';
import { CredentialReader, type ReadCredential } from '../credentials/credential-reader.js';
import { credentialFact } from '../credentials/reveal/opening.service.js';
// The type of the event is declared there.
import type {} from '../vault-events.js';
import { IncidentsService } from '../incidents/incidents.service.js';
import { BreakGlassRight } from './break-glass-right.entity.js';
import type { BreakGlassAnswer, BreakGlassBody } from './break-glass.bodies.js';

const MINUTES = 15;
const ACTION = 'credential.break_glass';

/**
 * How an administrator reaches another one's private credential, or one whose approval nobody is there to give: possible,
 * loud, and for a few minutes.
 */
@Injectable()
export class BreakGlass {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly audit: Audit,
    private readonly events: EventBus,
    private readonly stepUp: StepUp,
    private readonly reader: CredentialReader,
    private readonly incidents: IncidentsService,
  ) {}

  /**
   * Right, incident and entry are committed together; the event for the owner follows.
   *
   * @throws AuthorizationError without the present password or a fresh code; ConflictError where there is no glass
   */
  async open(id: string, { reason, ...proof }: BreakGlassBody): Promise<BreakGlassAnswer> {
    const one = await this.closed(id);
    const about = { resource_type: 'Credential', resource_id: id };
    await this.stepUp.requirePresence('Breaking the glass', proof, about).catch(onRecord(one));
    return this.units.run(async () => {
      const { credential } = one;
      const { owner_id } = credential;
      const actor = currentActor();
      const expires_at = momentIn(MINUTES * 60_000);
      const right = { credential_id: id, user_id: actor.id, owner_id, reason, expires_at };
      const passes = asksForApproval(one.policy) || one.right.level === 'manage';
      await this.rows.insert(BreakGlassRight, { id: newId(), ...right, created_at: now() });
      const { level } = (await this.reader.read([id])).get(id)?.right ?? { level: 'reveal' };
      const incident = await this.incidents.raise({
        key: `break_glass:${id}`,
        suspect_id: actor.id,
        incident_type: 'unauthorized_access',
        severity: passes ? 'critical' : 'high',
        title: `Break-glass by ${actor.name}`,
        text: `${actor.name} ${passes ? 'went past the approval of a second person, to reveal a credential,' : 'opened a right to another user’s private credential'} for ${MINUTES} minutes; the audit trail holds the reason`,
        credential_ids: [id],
      });
      const opened = { owner_id, incident_id: incident.id, expires_at };
      const details = { ...opened, level, reason, ...(passes ? { passes_approval: true } : {}) };
      this.audit.record(credentialFact(credential, ACTION, details));
      const { id: actor_id, name: actor_name } = actor;
      this.events.announce('vault.break_glass', { actor_id, actor_name, credential_id: id, ...opened });
      return { credential_id: id, level, expires_at, incident_id: incident.id };
    });
  }

  /** Outside of the unit, which must not have begun when a wrong proof is counted. */
  private async closed(id: string): Promise<ReadCredential> {
    const one = (await this.reader.read([id])).get(id);
    if (!one) throw missingCredential(id);
    if (one.right.level === 'view' || one.isBroken || asksForApproval(one.policy)) return one;
    throw new ConflictError('This credential is open to you without breaking the glass', {
      resource_type: 'Credential',
      resource_id: id,
    });
  }
}

/** Whoever does not prove to be there is on the trail of the credential, too. */
const onRecord =
  ({ credential }: ReadCredential) =>
  (error: unknown): never => {
    if (!(error instanceof AuthorizationError)) throw error;
    const { action, resource_type, resource_id, client_id, name } = credentialFact(credential, ACTION);
    throw refusing(error, { action, resource_type, resource_id, client_id, name });
  };
