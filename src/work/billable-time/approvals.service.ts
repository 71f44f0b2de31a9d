import { Injectable } from '@nestjs/common';
import { requireAdmin } from '../../core/context/actor.js';
import { ConflictError, ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { lockRows } from '../../core/database/locks.js';
import { ResourceKit } from '../../core/resource/kit.js';
import type { View } from '../../core/resource/resource.service.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import type { BillableTime, TimeStatus } from './billable-time.entity.js';
import { BillableTimeService } from './billable-time.service.js';
import { requireOneInvoice } from './invoices.js';

/** A step of an entry, with the states in which it may be taken. */
export const STEPS = {
  submit: { from: ['draft'], to: 'submitted' },
  approve: { from: ['submitted'], to: 'approved' },
  reopen: { from: ['submitted', 'approved'], to: 'draft' },
} as const satisfies Record<string, { from: readonly TimeStatus[]; to: TimeStatus }>;
export type Step = keyof typeof STEPS;

/**
 * The way of an entry from the draft to the invoice. Submitted and reopened by its user or an administrator; approved by
 * administrators, their own time, too: a provider may have no more than one. What was approved and is reopened needs a
 * new approval then.
 */
@Injectable()
export class Approvals {
  constructor(
    private readonly kit: ResourceKit,
    private readonly time: BillableTimeService,
  ) {}

  move(id: string, step: Step): Promise<View<BillableTime>> {
    return this.kit.units.run(async () => {
      const { client_id } = await this.time.find(id);
      await this.time.lockClients([client_id]);
      const before = await this.time.find(id, true);
      this.requireStep(before, step);
      const [row] = await this.time.moveAll([before], { status: STEPS[step].to }, step);
      return this.time.viewOf(row as BillableTime);
    });
  }

  /** All of them or none: 409 names those that are not approved, or not of the client and currency of the invoice. Answers with them in the order given. */
  markBilled(ids: string[], invoice_ref: string): Promise<View<BillableTime>[]> {
    return this.kit.units.run(async () => {
      requireAdmin(currentActor());
      const wanted = [...new Set(ids.map(id => id.toLowerCase()))];
      const seen = await this.visible(wanted);
      await this.time.lockClients([...seen.values()].map(one => one.client_id));
      await lockRows(this.kit.units.sql, 'billable_time', wanted);
      const rows = await this.visible(wanted);
      requireApproved([...rows.values()]);
      await requireOneInvoice(this.kit, invoice_ref, [...rows.values()]);
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

  /** Those that the actor sees, by id; 422 names the others. */
  async visible(ids: string[]): Promise<Map<string, BillableTime>> {
    const rows = await this.found(ids);
    const faults = ids.flatMap((id, index) =>
      rows.has(id)
        ? []
        : [{ field: `ids.${index}`, message: 'refers to nothing that exists', rule: 'reference' }],
    );
    if (faults.length > 0) throw new ValidationError(faults);
    return rows;
  }

  /** Those that the actor sees, by id. */
  async found(ids: string[]): Promise<Map<string, BillableTime>> {
    const rows = new Map<string, BillableTime>();
    for await (const row of this.time.all({ id: ids })) rows.set(row.id, row);
    return rows;
  }

  /** 403, or 409 where the entry is in another state. */
  requireStep(before: BillableTime, step: Step): void {
    const { from, to } = STEPS[step];
    if (step === 'approve') requireAdmin(currentActor());
    else this.time.requireWriter(before);
    if (step === 'reopen' && before.status === 'billed')
      throw conflict(before, 'It is billed: POST /api/billable-time/{id}/credit takes it back');
    if (!from.some(one => one === before.status))
      throw conflict(before, `It is ${before.status}: it cannot be ${to} now`);
    if (step === 'reopen' && before.credits_id !== null)
      throw conflict(before, 'A credit is not changed: delete it, and credit anew');
    if (step === 'approve' && before.amount === null)
      throw conflict(
        before,
        'It has no rate: reopen it and give hourly_rate, or null once its client has one',
      );
  }
}

/** 409 names those that are not approved, and on which invoices those are that are billed already. */
function requireApproved(rows: readonly BillableTime[]): void {
  const others = rows.filter(one => one.status !== 'approved');
  if (others.length === 0) return;
  const billed = others.filter(one => one.status === 'billed');
  throw new ConflictError(
    billed.length > 0
      ? 'Only what is approved can be billed; `billed` says what is on which invoice already'
      : 'Only what is approved can be billed',
    {
      field: 'ids',
      resource_type: 'BillableTime',
      ids: others.map(one => one.id),
      ...(billed.length > 0 ? { billed: billed.map(({ id, invoice_ref }) => ({ id, invoice_ref })) } : {}),
    },
  );
}

function conflict(row: BillableTime, message: string): ConflictError {
  return new ConflictError(message, {
    field: 'status',
    resource_type: 'BillableTime',
    resource_id: row.id,
  });
}
