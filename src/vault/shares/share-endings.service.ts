import { Injectable, OnModuleInit } from '@nestjs/common';
import { isLooser, type RevealPolicy, stricterOf } from '../../core/access/reveal-policy.js';
import { Units } from '../../core/database/units.js';
import { EventBus } from '../../core/events/events.js';
import { Rows, type Where } from '../../core/table/rows.js';
import { ClientsService } from '../../directory/clients/clients.service.js';
import { Credential } from '../credentials/credential.entity.js';
import { CredentialsService } from '../credentials/credentials.service.js';
import { PolicyChanges } from '../credentials/policy-changes.service.js';
import { RotationService } from '../credentials/rotation.service.js';
import { CredentialPermissionsService } from '../permissions/credential-permissions.service.js';
import { CredentialShare } from './credential-share.entity.js';
import { ShareStanding } from './share-standing.service.js';
import { SharesService } from './shares.service.js';

const STRICTER = 'the reveal policy asks for more';

/** What ends links before their time; what comes back does not bring them back. */
@Injectable()
export class ShareEndings implements OnModuleInit {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly events: EventBus,
    private readonly clients: ClientsService,
    private readonly credentials: CredentialsService,
    private readonly policies: PolicyChanges,
    private readonly rotations: RotationService,
    private readonly permissions: CredentialPermissionsService,
    private readonly standing: ShareStanding,
    private readonly shares: SharesService,
  ) {}

  onModuleInit(): void {
    this.credentials.afterMoves(({ id }) => this.end({ credential_id: id }, 'the credential has moved'));
    this.rotations.follow(credential_id =>
      this.end({ credential_id, ends_with_rotation: true }, 'the credential was rotated'),
    );
    this.policies.afterTightening(credential_id => this.end({ credential_id }, STRICTER));
    this.clients.afterTightening(({ id, reveal_policy }, before) =>
      this.endOfClient(id, before, reveal_policy),
    );
    this.permissions.afterLoss(lost => this.endLost({ created_by: lost.map(one => one.user_id) }));
    this.events.on('resource.updated', async ({ resource, id }) => {
      const where = await this.whereOf(resource, id);
      if (where && (await this.shares.open(where)).length > 0)
        await this.units.run(() => this.endLost(where));
    });
  }

  private async end(which: Where<CredentialShare>, because: string): Promise<void> {
    await this.shares.end(which, because);
  }

  /** The links that a change may have taken what they stand on. */
  private async whereOf(resource: string, id: string): Promise<Where<CredentialShare> | undefined> {
    if (resource === 'user') return { created_by: id };
    if (resource === 'credential') return { credential_id: id };
    if (resource === 'client') return { credential_id: await this.sharedOf(id) };
    return undefined;
  }

  private async endLost(where: Where<CredentialShare>): Promise<void> {
    for (const { id, credential_id, created_by } of await this.shares.open(where)) {
      const credential = await this.rows.findOne(Credential, { id: credential_id });
      const why = credential && (await this.standing.lostBy(created_by, credential));
      if (why) await this.shares.end({ id }, why);
    }
  }

  private async endOfClient(id: string, before: RevealPolicy, after: RevealPolicy): Promise<void> {
    for (const { id: credential_id, reveal_policy } of await this.rows.find(Credential, {
      id: await this.sharedOf(id),
    }))
      if (isLooser(stricterOf(reveal_policy, before), stricterOf(reveal_policy, after)))
        await this.shares.end({ credential_id }, STRICTER);
  }

  /** The credentials of a client that have links which are not used up. */
  private async sharedOf(client_id: string): Promise<string[]> {
    const found = await this.units.sql.select<{ id: string }>(
      'SELECT DISTINCT c.id FROM credentials c JOIN credential_shares s ON s.credential_id = c.id ' +
        'WHERE c.client_id = ? AND s.revoked_at IS NULL AND s.sealed IS NOT NULL',
      [client_id],
    );
    return found.map(one => one.id);
  }
}
