import { Injectable, OnModuleInit } from '@nestjs/common';
import { Approvals, type ToApprove, type UsedApproval } from '../../core/access/approvals.js';
import { RevealGate } from '../../core/access/reveal-gate.js';
import { User } from '../../core/access/user.entity.js';
import { currentActor } from '../../core/context/request-context.js';
import { Units } from '../../core/database/units.js';
import { Rows } from '../../core/table/rows.js';
import { ApprovalRequest, type ApprovalStatus } from './approval-request.entity.js';
import { ApprovalRequestsService, isOpen } from './approval-requests.service.js';
import { Deciders } from './deciders.service.js';

/** What the gate asks of approvals. One holds only while who gave it could still give it. */
@Injectable()
export class ApprovalUses extends Approvals implements OnModuleInit {
  constructor(
    private readonly gate: RevealGate,
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly requests: ApprovalRequestsService,
    private readonly deciders: Deciders,
  ) {
    super();
  }

  onModuleInit(): void {
    this.gate.approvedBy(this);
  }

  override has(wanted: ToApprove): Promise<boolean> {
    return this.looking(async () => {
      for (const row of await this.open(wanted, 'approved')) if (await this.holds(row)) return true;
      return false;
    });
  }

  override async advice(wanted: ToApprove): Promise<string> {
    const [pending] = await this.looking(() => this.open(wanted, 'pending'));
    if (pending) return `: request ${pending.id} waits for a decision until ${pending.expires_at}`;
    const purpose = wanted.purpose === 'loosen' ? ', "purpose": "loosen"' : '';
    const body = `{"${wanted.of}_id": "${wanted.id}"${purpose}, "reason": "…"}`;
    return `: ask for it by POST /api/approval-requests ${body}`;
  }

  override async use(wanted: ToApprove): Promise<UsedApproval | undefined> {
    for (const { id } of await this.open(wanted, 'approved')) {
      // Of many at once, the others wait here, and find it used.
      const row = await this.requests.find(id, true);
      if (row.status !== 'approved' || !isOpen(row) || !(await this.holds(row))) continue;
      const uses = row.uses + 1;
      await this.requests.step(row, row.single_use ? 'used' : 'approved', { uses });
      const decider = await this.rows.findOne(User, { id: row.decided_by ?? '' });
      return { approval_id: id, approved_by: decider?.email ?? '' };
    }
    return undefined;
  }

  /** The actor's own, and by an access token those of that; what is good for many times comes first. */
  private async open(wanted: ToApprove, status: ApprovalStatus): Promise<ApprovalRequest[]> {
    const { kind, id, token } = currentActor();
    if (kind !== 'user') return [];
    const target = wanted.of === 'client' ? { client_id: wanted.id } : { credential_id: wanted.id };
    const asked = { requested_by: id, token_id: token?.id ?? null, purpose: wanted.purpose, status };
    const rows = await this.rows.find(ApprovalRequest, { ...target, ...asked }, { order: 'single_use, id' });
    return rows.filter(isOpen);
  }

  /** A look does not begin the unit, and where that has begun takes no second connection beside it. */
  private looking<T>(look: () => Promise<T>): Promise<T> {
    return this.units.hasBegun ? look() : this.units.outside(look);
  }

  private async holds(row: ApprovalRequest): Promise<boolean> {
    if (row.decided_by === null || (await this.deciders.wereTaken(row))) return false;
    return (await this.deciders.of(row, row.requested_by, [row.decided_by])).length > 0;
  }
}
