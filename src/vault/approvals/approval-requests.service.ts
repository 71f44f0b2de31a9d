import { Injectable } from '@nestjs/common';
import type { ApprovalPurpose } from '../../core/access/approvals.js';
import { StepUp } from '../../core/access/factors/step-up.js';
import { User } from '../../core/access/user.entity.js';
import { isAdmin, mayOpen, type TokenAction } from '../../core/context/actor.js';
import { AuthorizationError, ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { placeholders } from '../../core/database/sql.js';
import { encodeMoment, momentIn, now } from '../../core/database/values.js';
import { type Body, ResourceService, type View } from '../../core/resource/resource.service.js';
import type { Page } from '../../core/resource/lists/page.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import type { Clause } from '../../core/table/clause.js';
import { Client } from '../../directory/clients/client.entity.js';
import { atLeast } from '../credentials/credential-right.js';
import { CredentialReader } from '../credentials/credential-reader.js';
import { Credential } from '../credentials/credential.entity.js';
import { CredentialsService } from '../credentials/credentials.service.js';
import { credentialFact } from '../credentials/reveal/opening.service.js';
import { aboutSeen, ownOrManaged } from '../permissions/seen-targets.js';
// The types of the events are declared there.
import type {} from '../vault-events.js';
import { ApprovalRequest, type ApprovalStatus } from './approval-request.entity.js';
import { Deciders } from './deciders.service.js';
import { Hands, OWN_AFTER_DAYS } from './hands.service.js';

const WAITING_MS = 24 * 3_600_000;

/** What became of a request, in the words of the trail. */
const STEPS: Record<ApprovalStatus, string> = {
  pending: 'request',
  approved: 'approve',
  refused: 'refuse',
  withdrawn: 'withdraw',
  revoked: 'revoke',
  used: 'use',
  ended: 'end',
};

/** Requests for an approval: asked by who may do what is to be approved, decided by somebody else. */
@Injectable()
export class ApprovalRequestsService extends ResourceService(ApprovalRequest) {
  constructor(
    private readonly credentials: CredentialsService,
    private readonly reader: CredentialReader,
    private readonly deciders: Deciders,
    private readonly stepUp: StepUp,
    private readonly hands: Hands,
  ) {
    super();
  }

  /** @throws AuthorizationError for who is not another one that could decide; ConflictError where it is over */
  async decide(id: string, status: 'approved' | 'refused', note?: string): Promise<View<ApprovalRequest>> {
    await this.requirePerson(id, 'Deciding on requests');
    return this.kit.units.run(async () => {
      const row = await this.find(id, true);
      await this.requireDecider(row);
      this.requireOpen(row, ['pending']);
      if (await this.deciders.wereTaken(row))
        throw this.conflict('The password or second factor of who asked was set since then', row);
      const ends = status === 'approved' ? momentIn(row.minutes * 60_000) : row.expires_at;
      const { id: decided_by } = currentActor();
      const decision = { decided_by, decided_at: now(), note: note ?? null, expires_at: ends };
      return this.viewOf(await this.step(row, status, decision));
    });
  }

  /** Takes an approval back before it is used. */
  async revoke(id: string): Promise<View<ApprovalRequest>> {
    await this.requirePerson(id, 'Revoking approvals');
    return this.kit.units.run(async () => {
      const row = await this.find(id, true);
      if (row.decided_by !== currentActor().id) await this.requireDecider(row);
      this.requireOpen(row, ['approved']);
      return this.viewOf(await this.step(row, 'revoked'));
    });
  }

  /** The requester wants it no more. */
  async withdraw(id: string): Promise<View<ApprovalRequest>> {
    return this.kit.units.run(async () => {
      const row = await this.find(id, true);
      const { id: own, token } = currentActor();
      if (row.requested_by !== own) throw this.refusal('Only who has asked withdraws a request', row);
      if (token && row.token_id !== token.id)
        throw this.refusal('An access token withdraws only what it has asked for itself', row);
      this.requireOpen(row, ['pending', 'approved']);
      return this.viewOf(await this.step(row, 'withdrawn'));
    });
  }

  /** What waits for a decision of the actor's leaves out what no decision of theirs is good for: the same hand is behind. */
  override async list(raw: RawQuery, ...more: Clause[]): Promise<Page<View<ApprovalRequest>>> {
    return super.list(raw, ...more, ...(await this.decidable(raw)));
  }

  override async part(raw: RawQuery): Promise<Page<View<ApprovalRequest>>> {
    const [apart] = await this.decidable(raw);
    return apart ? this.page({ ...(await this.parsed(raw)), mayEndEarly: true }, apart) : super.part(raw);
  }

  private async decidable({ to_decide }: RawQuery): Promise<Clause[]> {
    if (to_decide !== 'true') return [];
    const waiting = await this.kit.units.sql.select<{ id: string }>(
      "SELECT DISTINCT requested_by AS id FROM approval_requests WHERE status = 'pending' AND requested_by IS NOT NULL AND expires_at > ?",
      [encodeMoment(now())],
    );
    const ids = waiting.map(one => one.id);
    const apart = await this.hands.apartFrom(currentActor().id, ids);
    const same = ids.filter(id => !apart.has(id));
    if (same.length === 0) return [];
    return [{ sql: `approval_requests.requested_by NOT IN (${placeholders(same.length)})`, values: same }];
  }

  /** One step of a request, with an entry on the trail of its credential, and the event. */
  async step(
    row: ApprovalRequest,
    status: ApprovalStatus,
    changes: Partial<ApprovalRequest> = {},
  ): Promise<ApprovalRequest> {
    const changed = await this.change(row, { ...changes, status }, STEPS[status]);
    await this.recordOnCredential(changed);
    this.kit.events.announce('vault.approval_changed', {
      ...eventOf(changed),
      status,
      actor_id: currentActor().id,
    });
    return changed;
  }

  protected override fill(row: ApprovalRequest, _before: ApprovalRequest | undefined, body: Body): void {
    const { kind, id, token } = currentActor();
    if (row.client_id !== null) row.purpose = (body.purpose as ApprovalPurpose | undefined) ?? 'loosen';
    if ((row.credential_id === null) === (row.client_id === null))
      throw ValidationError.of('credential_id', 'give either credential_id or client_id', 'exclusive');
    if (row.client_id !== null && row.purpose !== 'loosen')
      throw ValidationError.of('purpose', 'must be loosen for a client: credentials are revealed', 'purpose');
    if (kind !== 'user') throw new AuthorizationError('Only a user asks for an approval');
    row.requested_by = id;
    row.token_id = token?.id ?? null;
    row.expires_at = momentIn(WAITING_MS);
  }

  protected override async check(row: ApprovalRequest): Promise<void> {
    await this.requireUse(row);
    const { requested_by, credential_id, client_id, purpose, token_id } = row;
    const same = { requested_by, credential_id, client_id, purpose, token_id };
    const known = await this.kit.rows.find(ApprovalRequest, { ...same, status: ['pending', 'approved'] });
    const open = known.find(isOpen);
    if (open)
      throw this.conflict(
        `You have asked already: ${open.status === 'pending' ? 'it waits for a decision' : 'it is approved'}`,
        open,
      );
    if ((await this.deciders.of(row, requested_by)).length === 0)
      throw this.conflict(
        'Nobody else could approve this: that takes another administrator who sees it, or another one who holds the ' +
          `grant manage, and that no hand is behind both accounts: of who made them or set a password within ${OWN_AFTER_DAYS} days`,
        row,
      );
  }

  protected override async after(row: ApprovalRequest): Promise<void> {
    await this.recordOnCredential(row);
    const approvers = await this.deciders.of(row, row.requested_by);
    const approver_ids = approvers.map(one => one.id);
    this.kit.events.announce('vault.approval_requested', { ...eventOf(row), approver_ids });
  }

  /** Who asks may do what is to be approved but for the approval. */
  private async requireUse({ id, credential_id, client_id, purpose }: ApprovalRequest): Promise<void> {
    if (client_id !== null) {
      if (currentActor().token?.credential_ids.size)
        throw this.refusal('This access token is for the credentials that it names, not for a client', {
          id,
        });
      if (isAdmin(currentActor())) return;
      throw this.refusal('The policy of a client is loosened by administrators', { id });
    }
    const credential = credential_id ?? '';
    const one = (await this.reader.read([credential])).get(credential);
    const needed = purpose === 'reveal' ? 'reveal' : 'manage';
    const about = { resource_type: 'Credential', resource_id: credential };
    if (!one || !atLeast(one.right.level, needed))
      throw new AuthorizationError(`This needs the grant ${needed} on the credential`, about);
    const opens = (action: TokenAction) => mayOpen(currentActor(), credential, action);
    if (!opens('reveal') && !opens('totp'))
      throw new AuthorizationError('This access token opens no secrets of it', about);
  }

  /** Whoever decides is there in person: no access token, and with a code where there is a second factor. */
  private async requirePerson(id: string, what: string): Promise<void> {
    const about = { resource_type: this.spec.label, resource_id: id };
    if (currentActor().token)
      throw new AuthorizationError(`${what} is not for access tokens: log in for that`, about);
    await this.stepUp.requireCode(what, about);
  }

  private async requireDecider(row: ApprovalRequest): Promise<void> {
    const { id } = currentActor();
    if (row.requested_by === id) throw this.refusal('Nobody decides on a request of their own', row);
    if ((await this.deciders.able(row, row.requested_by, [id])).length === 0)
      throw this.refusal('This takes msp:admin, or the grant manage on what is asked for', row);
    if ((await this.deciders.of(row, row.requested_by, [id])).length === 0)
      throw this.refusal(
        `One hand may be behind both accounts: within ${OWN_AFTER_DAYS} days, one has created the other or set its password or second factor, or the same account has done so with both`,
        row,
      );
  }

  private requireOpen(row: ApprovalRequest, from: ApprovalStatus[]): void {
    if (!from.includes(row.status)) throw this.conflict(`The request is ${row.status}`, row);
    if (!isOpen(row)) throw this.conflict('The time of the request is over', row);
  }

  private refusal(message: string, { id }: { id: string }): AuthorizationError {
    return new AuthorizationError(message, { resource_type: this.spec.label, resource_id: id });
  }

  private async recordOnCredential(row: ApprovalRequest): Promise<void> {
    if (row.credential_id === null) return;
    const credential = await this.kit.rows.findOne(Credential, { id: row.credential_id });
    if (!credential) return;
    const { purpose, reason, note, requested_by, decided_by, ended_because } = row;
    const people = await this.emailsOf([requested_by, decided_by]);
    const [requester, decider] = [people.get(requested_by ?? ''), people.get(decided_by ?? '')];
    const details = { purpose, reason, note, ended_because, requester, decider, request_id: row.id };
    const step = STEPS[row.status];
    this.kit.audit.record(credentialFact(credential, 'credential.approval', { step, ...details }));
  }

  /** Administrators see the requests about what they see; others their own, and those about what they manage. */
  protected override restrictions(): Clause[] {
    const actor = currentActor();
    const { table } = this.spec;
    const reach = aboutSeen(table, actor, this.credentials.visible());
    return isAdmin(actor) ? [reach] : [reach, ownOrManaged(table, 'requested_by', actor)];
  }

  protected override async completeViews(rows: ApprovalRequest[]): Promise<View<ApprovalRequest>[]> {
    const emails = await this.emailsOf(rows.map(one => one.requested_by));
    const credentials = await this.kit.rows.find(Credential, { id: idsOf(rows, 'credential_id') });
    const clients = await this.kit.rows.find(Client, { id: idsOf(rows, 'client_id') });
    const names = new Map([
      ...credentials.map(({ id, name, service_name }) => [id, name ?? service_name] as const),
      ...clients.map(({ id, name }) => [id, name] as const),
    ]);
    return rows.map(row => ({
      ...row,
      is_open: isOpen(row),
      target_name: names.get(row.credential_id ?? row.client_id ?? '') ?? null,
      requester_email: emails.get(row.requested_by ?? '') ?? null,
    }));
  }

  private async emailsOf(ids: (string | null)[]): Promise<Map<string, string>> {
    const users = await this.kit.rows.find(User, { id: [...new Set(ids.filter(id => id !== null))] });
    return new Map(users.map(({ id, email }) => [id, email]));
  }
}

export function isOpen({ status, expires_at }: ApprovalRequest): boolean {
  return (status === 'pending' || status === 'approved') && Date.parse(expires_at) > Date.now();
}

function idsOf(rows: ApprovalRequest[], name: 'credential_id' | 'client_id'): string[] {
  return [...new Set(rows.flatMap(row => row[name] ?? []))];
}

function eventOf({ id, credential_id, client_id, purpose, requested_by }: ApprovalRequest) {
  return { request_id: id, credential_id, client_id, purpose, requester_id: requested_by };
}
