import type { INestApplicationContext } from '@nestjs/common';
import type { BillableTime, TimeStatus } from '../../../work/billable-time/billable-time.entity.js';
import { BillableTimeService } from '../../../work/billable-time/billable-time.service.js';
import type { Calendar } from './calendar.js';

/** What has become of time that is at least so many days old. */
const STATES: readonly (readonly [days: number, status: TimeStatus])[] = [
  [35, 'billed'],
  [8, 'approved'],
  [3, 'submitted'],
];

/** Old time of a client is on invoices, one a month; what is recent waits for them. */
export async function billTime(
  app: INestApplicationContext,
  client_id: string,
  code: string,
  calendar: Calendar,
): Promise<void> {
  const time = app.get(BillableTimeService);
  const entries: BillableTime[] = [];
  for await (const entry of time.all({ client_id })) entries.push(entry);
  for (const entry of entries) {
    const state = STATES.find(([days]) => entry.work_date <= calendar.dayBefore(days))?.[1];
    if (!state) continue;
    const month = entry.work_date.slice(0, 7);
    const invoice_ref = state === 'billed' ? `${month}-${code.toUpperCase()}` : null;
    await time.change(entry, { status: state, invoice_ref }, VERBS[state]);
  }
}

const VERBS: Record<TimeStatus, string> = {
  draft: 'reopen',
  submitted: 'submit',
  approved: 'approve',
  billed: 'bill',
};
