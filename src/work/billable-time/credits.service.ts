import { Injectable } from '@nestjs/common';
import { requireAdmin } from '../../core/context/actor.js';
import { ConflictError, ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { now } from '../../core/database/values.js';
import { ResourceKit } from '../../core/resource/kit.js';
import type { View } from '../../core/resource/resource.service.js';
import { negated } from '../money/amounts.js';
import { dayIn } from '../../formats/day-in.js';
import type { CreditBody } from './billable-time.bodies.js';
import { BillableTime } from './billable-time.entity.js';
import { BillableTimeService } from './billable-time.service.js';
import { requireNear } from './plausible.js';
import { Prices } from './prices.service.js';

/** What was billed and should not have been. The billed entry stays as it is; an entry of its own takes it back. */
@Injectable()
export class Credits {
  constructor(
    private readonly kit: ResourceKit,
    private readonly time: BillableTimeService,
    private readonly prices: Prices,
  ) {}

  /**
   * A new approved entry with the minutes and the amount of a billed one below zero, which waits for the number of its
   * credit note. Nobody worked for it, and drafts of the group are rounded without the billed one. 409 for what was not billed, came to nothing, or is credited already;
   * 422 for a day before that of the billed entry.
   */
  credit(id: string, { reason, work_date }: CreditBody): Promise<View<BillableTime>> {
    return this.kit.units.run(async () => {
      requireAdmin(currentActor());
      await this.time.lockClients([(await this.time.find(id)).client_id]);
      const billed = await this.time.find(id, true);
      await this.requireCreditable(billed);
      if (work_date !== undefined && work_date < billed.work_date)
        throw ValidationError.of('work_date', 'must not come before that of the billed entry', 'order');
      if (work_date !== undefined) requireNear(work_date, 'work_date');
      const zone = (await this.prices.clientOf(billed)).timezone ?? 'UTC';
      const today = dayIn(zone, now());
      const credit: BillableTime = {
        ...billed,
        work_date: work_date ?? (today < billed.work_date ? billed.work_date : today),
        started_at: null,
        ended_at: null,
        worked_minutes: 0,
        billable_minutes: -billed.billable_minutes,
        amount: negated(billed.amount ?? '0'),
        description: reason,
        status: 'approved',
        invoice_ref: null,
        rounding: null,
        group_key: null,
        credits_id: billed.id,
      };
      const row = await this.time.insertCredit(credit, billed);
      return this.time.viewOf(row);
    });
  }

  private async requireCreditable(row: BillableTime): Promise<void> {
    if (row.credits_id !== null) throw refused(row, 'It is a credit itself');
    if (row.status !== 'billed')
      throw refused(row, `It is ${row.status}: only what was billed is credited; reopen and change it`);
    if (row.amount === null || Number(row.amount) === 0) throw refused(row, 'It came to nothing');
    if (await this.kit.rows.findOne(BillableTime, { credits_id: row.id }))
      throw refused(row, 'It is credited already');
  }
}

function refused(row: BillableTime, message: string): ConflictError {
  const at = { field: 'status', resource_type: 'BillableTime', resource_id: row.id };
  return new ConflictError(message, at);
}
