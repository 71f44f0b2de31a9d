import { Injectable } from '@nestjs/common';
import { isAdmin } from '../../core/context/actor.js';
import { AuthorizationError, StaleRowError, ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { forShare } from '../../core/database/locks.js';
import { User } from '../../core/access/user.entity.js';
import { Withdrawals } from '../../core/resource/withdrawals.js';
import { refusingReference } from '../../core/resource/references.js';
import { newRow } from '../../core/resource/row-changes.js';
import { retryIfTaken } from '../../core/resource/retry.js';
import { type Body, ResourceService, type View } from '../../core/resource/resource.service.js';
import type { Clause } from '../../core/table/clause.js';
import { CredentialRights, type Management } from '../credentials/credential-rights.service.js';
import { Credential } from '../credentials/credential.entity.js';
import { credentialFact } from '../credentials/reveal/opening.service.js';
import { CredentialsService } from '../credentials/credentials.service.js';
import { CredentialPermission, LEVELS } from './credential-permission.entity.js';
import type { Worth } from './grant-chains.js';
import { GrantChains } from './grant-chains.service.js';
import { aboutSeen, ownOrManaged } from './seen-targets.js';

const TABLE = 'credential_permissions';

type Target = Pick<CredentialPermission, 'credential_id' | 'client_id'>;

/** Grants: given, changed and taken back by whoever manages, never beyond the own right, and never one's own. */
@Injectable()
export class CredentialPermissionsService extends ResourceService(CredentialPermission) {
  private readonly losses: ((lost: CredentialPermission[]) => Promise<void>)[] = [];

  constructor(
    private readonly credentials: CredentialsService,
    private readonly rights: CredentialRights,
    private readonly chains: GrantChains,
    private readonly withdrawals: Withdrawals,
  ) {
    super();
  }

  override onModuleInit(): void {
    super.onModuleInit();
    this.credentials.afterMoves(async ({ id }) => this.lessen(await this.chains.onMoved(id)));
  }

  /** Granting again changes the grant that there is, expired or not. */
  override async create(body: Body): Promise<View<CredentialPermission>> {
    return this.kit.units.run(async () => {
      const { credential_id, client_id, user_id, level, expires_at } = newRow<CredentialPermission>(
        this.spec,
        body,
      );
      if ((credential_id === null) === (client_id === null))
        throw ValidationError.of('credential_id', 'give either credential_id or client_id', 'exclusive');
      await this.managementOf({ credential_id, client_id });
      const known = await this.kit.rows.findOne(CredentialPermission, { credential_id, client_id, user_id });
      if (known) return this.update(known.id, { level, expires_at });
      return super.create(body).catch(retryIfTaken(['user_id']));
    });
  }

  /** Whoever manages takes grants back; a holder gives up the own one. */
  override async remove(id: string, ifMatch?: string): Promise<void> {
    await this.kit.units.run(async () => {
      const row = await this.find(id, true);
      if (row.user_id !== currentActor().id) await this.managementOf(row);
      await super.remove(id, ifMatch);
    });
  }

  override async removeAll(ids: string[]): Promise<void> {
    const lost = await this.kit.rows.find(CredentialPermission, { id: ids });
    for (const row of lost) await this.recordOnCredential(row, 'credential.revoke');
    await super.removeAll(ids);
    await this.follow(lost);
  }

  protected override async requireWriter(before?: CredentialPermission): Promise<void> {
    await super.requireWriter(before);
    if (currentActor().token)
      throw new AuthorizationError('An access token neither gives nor takes grants: log in for that');
  }

  protected override fill(row: CredentialPermission, before?: CredentialPermission): void {
    const { kind, id } = currentActor();
    if (!before || exceeds(row, before)) row.granted_by = kind === 'user' ? id : null;
  }

  protected override async after(row: CredentialPermission, before?: CredentialPermission): Promise<void> {
    await this.recordOnCredential(row, 'credential.grant');
    if (before && exceeds(before, row)) await this.follow([before]);
  }

  /** Beside the grant's own entry one on the credential's trail: who may use it, since when, by whom. */
  private async recordOnCredential(
    row: CredentialPermission,
    action: 'credential.grant' | 'credential.revoke',
  ): Promise<void> {
    const { credential_id, user_id, level, expires_at } = row;
    if (credential_id === null) return;
    const credential = await this.kit.rows.findOne(Credential, { id: credential_id });
    if (credential) this.kit.audit.record(credentialFact(credential, action, { user_id, level, expires_at }));
  }

  /** What the holders of grants that became less had given by them becomes less, too. */
  private async follow(lost: CredentialPermission[]): Promise<void> {
    await this.tellLost(lost);
    await this.lessen(await this.chains.after(lost));
  }

  /** What follows, in the same unit, when grants were revoked, lowered or shortened: these, as they were before. */
  afterLoss(follow: (lost: CredentialPermission[]) => Promise<void>): void {
    this.losses.push(follow);
  }

  private async lessen(worth: ReadonlyMap<string, Worth | null>): Promise<void> {
    for (const [id, left] of worth) {
      const row = await this.kit.rows.findOne(CredentialPermission, { id });
      if (!row) continue;
      if (left) await this.recordOnCredential(await this.change(row, left), 'credential.grant');
      else {
        await this.recordOnCredential(row, 'credential.revoke');
        await super.removeAll([id]);
      }
      await this.tellLost([row]);
    }
  }

  private async tellLost(lost: CredentialPermission[]): Promise<void> {
    for (const follow of this.losses) await follow(lost);
    const users = await this.kit.rows.find(User, { id: [...new Set(lost.map(one => one.user_id))] });
    await this.withdrawals.tell(...users.map(({ id, email }) => ({ of: 'user' as const, id, name: email })));
  }

  protected override async check(row: CredentialPermission, before?: CredentialPermission): Promise<void> {
    for (const name of ['credential_id', 'client_id', 'user_id'] as const)
      if (before && row[name] !== before[name])
        throw ValidationError.of(name, 'cannot be changed; make another grant', 'immutable');
    await this.requireGranter(row);
  }

  /** A grant as it is to be: not one's own, with an end that lies ahead and not beyond that of the own right. */
  private async requireGranter(row: CredentialPermission): Promise<void> {
    await this.keepOwnGrants();
    const { until } = await this.managementOf(row);
    if (row.user_id === currentActor().id)
      throw new AuthorizationError('Nobody gives or changes a grant of their own', { field: 'user_id' });
    const end = row.expires_at === null ? Infinity : Date.parse(row.expires_at);
    if (end <= Date.now())
      throw ValidationError.of(
        'expires_at',
        'must lie in the future; delete the grant to end it now',
        'future',
      );
    if (until !== null && end > Date.parse(until))
      throw ValidationError.of(
        'expires_at',
        `may not be later than the end of your own right, ${until}`,
        'until',
      );
  }

  /** Who takes the actor's grants back waits for this unit, and sees what it gives. */
  private async keepOwnGrants(): Promise<void> {
    const { sql } = this.kit.units;
    if (sql.dialect === 'sqlite' || isAdmin(currentActor())) return;
    const lock = `SELECT id, version FROM credential_permissions WHERE user_id = ?`;
    const seen = await sql.select(lock, [currentActor().id]);
    const held = await sql.select(`${lock}${forShare(sql.dialect)}`, [currentActor().id]);
    if (JSON.stringify(seen) !== JSON.stringify(held))
      throw new StaleRowError('The own right was changed at the same time');
  }

  /** The actor's own right to what is granted; 403 without it. */
  private async managementOf({ credential_id, client_id }: Target): Promise<Management> {
    if (client_id !== null) {
      const own = await this.rights.managementOfClient(client_id);
      if (own) return own;
      throw new AuthorizationError('Grants on a client need the scope msp:admin, or the grant manage on it', {
        scope: 'msp:admin',
      });
    }
    const visible = await this.kit.registry.of(this.credentials.spec.type)?.reference(credential_id ?? '');
    if (!visible) {
      const error = ValidationError.of('credential_id', 'refers to nothing that exists', 'reference');
      throw refusingReference(
        error,
        'credential_permission.create',
        this.credentials.spec,
        credential_id ?? '',
      );
    }
    return this.rights.requireManage(await this.credentials.find(visible.id));
  }

  /** Administrators see the grants on what they see; others their own, and those on what they manage. */
  protected override restrictions(): Clause[] {
    const actor = currentActor();
    const reach = aboutSeen(TABLE, actor, this.credentials.visible());
    return isAdmin(actor) ? [reach] : [reach, ownOrManaged(TABLE, 'user_id', actor)];
  }
}

/** Gives more than the other one, or for longer. */
function exceeds(one: CredentialPermission, other: CredentialPermission): boolean {
  const end = ({ expires_at }: CredentialPermission) => expires_at ?? '9999';
  return LEVELS.indexOf(one.level) > LEVELS.indexOf(other.level) || end(one) > end(other);
}
