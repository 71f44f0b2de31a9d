import { Injectable } from '@nestjs/common';
import { isAdmin } from '../../core/context/actor.js';
import { AuthorizationError, ConflictError, ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { lockRows } from '../../core/database/locks.js';
import { ResourceKit } from '../../core/resource/kit.js';
import type { View } from '../../core/resource/resource.service.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import type { BillableTime, TimeStatus } from './billable-time.entity.js';
import { BillableTimeService } from './billable-time.service.js';

/** The way of an entry from the draft to the invoice. */
@Injectable()
export class Approvals {
  constructor(
    private readonly kit: ResourceKit,
    private readonly time: BillableTimeService,
  ) {}

  submit(id: string): Promise<View<BillableTime>> {
    return this.move(id, ['draft'], 'submitted', 'submit');
  }

  /** By administrators, of their own time, too: a provider may have no more than one. */
  approve(id: string): Promise<View<BillableTime>> {
    return this.move(id, ['submitted'], 'approved', 'approve');
  }

  /** By its user or an administrator; what was approved needs a new approval then. */
  reopen(id: string): Promise<View<BillableTime>> {
    return this.move(id, ['submitted', 'approved'], 'draft', 'reopen');
  }

  /** All of them or none: 409 names those that are not approved. Answers with them in the order given. */
  markBilled(ids: string[], invoice_ref: string): Promise<View<BillableTime>[]> {
    return this.kit.units.run(async () => {
      requireAdmin();
      const wanted = [...new Set(ids.map(id => id.toLowerCase()))];
      const seen = await this.visible(wanted);
      await this.time.lockClients([...seen.values()].map(one => one.client_id));
      await lockRows(this.kit.units.sql, 'billable_time', wanted);
      const rows = await this.visible(wanted);
      const others = [...rows.values()].filter(one => one.status !== 'approved').map(one => one.id);
      if (others.length > 0)
        throw new ConflictError('Only what is approved can be billed', {
          field: 'ids',
          resource_type: 'BillableTime',
          ids: others,
        });
      const billed: View<BillableTime>[] = [];
      for (const id of wanted) {
        if (turnIsOver()) await nextTurn();
        const before = rows.get(id) as BillableTime;
        const row = await this.time.change(before, { status: 'billed', invoice_ref }, 'bill');
        billed.push(await this.time.viewOf(row));
      }
      return billed;
    });
  }

  private async visible(ids: string[]): Promise<Map<string, BillableTime>> {
    const rows = new Map<string, BillableTime>();
    for await (const row of this.time.all({ id: ids })) rows.set(row.id, row);
    const faults = ids.flatMap((id, index) =>
      rows.has(id)
        ? []
        : [{ field: `ids.${index}`, message: 'refers to nothing that exists', rule: 'reference' }],
    );
    if (faults.length > 0) throw new ValidationError(faults);
    return rows;
  }

  private move(
    id: string,
    from: readonly TimeStatus[],
    to: TimeStatus,
    verb: string,
  ): Promise<View<BillableTime>> {
    return this.kit.units.run(async () => {
      const { client_id } = await this.time.find(id);
      await this.time.lockClients([client_id]);
      const before = await this.time.find(id, true);
      if (to === 'approved') requireAdmin();
      else this.time.requireWriter(before);
      if (!from.includes(before.status))
        throw conflict(before, `It is ${before.status}: it cannot be ${to} now`);
      if (to === 'approved' && before.amount === null)
        throw conflict(
          before,
          'It has no rate: reopen it and give hourly_rate, or null once its client has one',
        );
      return this.time.viewOf(await this.time.move(before, { status: to }, verb));
    });
  }
}

function requireAdmin(): void {
  if (!isAdmin(currentActor()))
    throw new AuthorizationError('This needs the scope msp:admin', { scope: 'msp:admin' });
}

function conflict(row: BillableTime, message: string): ConflictError {
  return new ConflictError(message, {
    field: 'status',
    resource_type: 'BillableTime',
    resource_id: row.id,
  });
}
