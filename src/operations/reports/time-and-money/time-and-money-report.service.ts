import { Injectable } from '@nestjs/common';
import { requireReach } from '../../../core/context/actor.js';
import { currentActor } from '../../../core/context/request-context.js';
import { resourceOf } from '../../../core/resource/resource.js';
import { BillableTime } from '../../../work/billable-time/billable-time.entity.js';
import { Summaries } from '../../../work/billable-time/summaries.service.js';
import { bounded } from '../report.js';
import type { Asked } from '../report-queries.service.js';
import type { TimeAndMoney } from './time-and-money.answers.js';

/** What was worked and what it comes to, by client and month: the sums of the summary of billable time, and no others. */
@Injectable()
export class TimeAndMoneyReport {
  constructor(private readonly summaries: Summaries) {}

  async report({ frame, period, filters: { status } }: Asked): Promise<TimeAndMoney> {
    requireReach(currentActor(), resourceOf(BillableTime).path);
    const { client_id } = frame;
    const found = await this.summaries.byClientAndMonth({
      ...period,
      ...(client_id ? { client_id } : {}),
      ...(status && { status }),
    });
    const rows = found.parts.map(({ keys: [client = null, month], ...part }) => ({
      client_id: client,
      client_name: found.names.get(client ?? '') ?? null,
      month: month ?? '',
      entries: part.entries,
      worked_minutes: part.worked,
      billable_minutes: part.billable,
      currency: part.currency,
      amount: part.amount,
      not_approved: part.not_approved,
      without_rate: part.without_rate,
    }));
    const { by_client, by_month, by_status, total, not_approved } = found;
    return {
      ...frame,
      ...period,
      ...bounded(rows),
      status: status ?? null,
      by_client,
      by_month,
      by_status,
      total,
      not_approved,
    };
  }
}
