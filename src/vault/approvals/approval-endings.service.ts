import { Injectable, OnModuleInit } from '@nestjs/common';
import { Units } from '../../core/database/units.js';
import { EventBus } from '../../core/events/events.js';
import { Rows, type Where } from '../../core/table/rows.js';
import { atLeast } from '../credentials/credential-right.js';
import { CredentialsService } from '../credentials/credentials.service.js';
import { CredentialPermissionsService } from '../permissions/credential-permissions.service.js';
import { ApprovalRequest } from './approval-request.entity.js';
import { ApprovalRequestsService, isOpen } from './approval-requests.service.js';
import { Deciders } from './deciders.service.js';

/** What ends requests and approvals before their time; a right that comes back does not bring them back. */
@Injectable()
export class ApprovalEndings implements OnModuleInit {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly events: EventBus,
    private readonly credentials: CredentialsService,
    private readonly permissions: CredentialPermissionsService,
    private readonly requests: ApprovalRequestsService,
    private readonly deciders: Deciders,
  ) {}

  onModuleInit(): void {
    this.credentials.afterMoves(async ({ id }) =>
      this.end(await this.open({ credential_id: id }), 'the credential has moved'),
    );
    this.permissions.afterLoss(lost => this.endOfUsers(lost.map(one => one.user_id)));
    this.events.on('resource.updated', async ({ resource, id }) => {
      if (resource === 'user')
        await this.units.run(async () => {
          await this.endOfUsers([id]);
          await this.endOfTaken(id);
        });
    });
  }

  /** In the running unit: those about these credentials, or about a client. @returns how many ended */
  async endAbout(target: Where<ApprovalRequest>, ended_because: string): Promise<number> {
    const open = await this.open(target);
    await this.end(open, ended_because);
    return open.length;
  }

  /** Those of users who may no longer do what they have asked for. */
  private async endOfUsers(ids: string[]): Promise<void> {
    const lost: ApprovalRequest[] = [];
    for (const row of await this.open({ requested_by: [...new Set(ids)] })) {
      const { purpose, requested_by } = row;
      const id = requested_by ?? '';
      const right = (await this.deciders.rightsOn(row, [id])).get(id);
      if (!right || !atLeast(right.level, purpose === 'reveal' ? 'reveal' : 'manage')) lost.push(row);
    }
    await this.end(lost, 'who asked has no right to it any more');
  }

  /** Those of which somebody else may act now in the place of who asked or decided. */
  private async endOfTaken(id: string): Promise<void> {
    for (const part of [{ requested_by: id }, { decided_by: id }])
      for (const row of await this.open(part))
        if (await this.deciders.wereTaken(row))
          await this.end([row], 'the password or second factor of who asked or approved was set');
  }

  private async open(where: Where<ApprovalRequest>): Promise<ApprovalRequest[]> {
    const rows = await this.rows.find(ApprovalRequest, { ...where, status: ['pending', 'approved'] });
    return rows.filter(isOpen);
  }

  private async end(rows: ApprovalRequest[], ended_because: string): Promise<void> {
    for (const row of rows) await this.requests.step(row, 'ended', { ended_because });
  }
}
