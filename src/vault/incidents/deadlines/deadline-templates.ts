import { ValidationError } from '../../../core/context/errors.js';

export const TEMPLATES = ['gdpr', 'nis2'] as const;
export type Template = (typeof TEMPLATES)[number];

/** A duty to notify, with the time that is left for it once one is aware of the incident. */
export interface DeadlineRule {
  name: string;
  template: Template;
  label: string;
  period: { hours: number } | { months: number };
}

/**
 * GDPR: Regulation (EU) 2016/679, Art. 33 (1). NIS2: Directive (EU) 2022/2555, Art. 23 (4) a, b and d; d counts its
 * month from the notification of b. Counted from becoming aware, as here, it is over sooner and never late.
 */
export const DEADLINES: readonly DeadlineRule[] = [
  {
    name: 'gdpr_72h',
    template: 'gdpr',
    label: 'GDPR: notify the supervisory authority (72 hours)',
    period: { hours: 72 },
  },
  { name: 'nis2_24h', template: 'nis2', label: 'NIS2: early warning (24 hours)', period: { hours: 24 } },
  {
    name: 'nis2_72h',
    template: 'nis2',
    label: 'NIS2: incident notification (72 hours)',
    period: { hours: 72 },
  },
  { name: 'nis2_1_month', template: 'nis2', label: 'NIS2: final report (1 month)', period: { months: 1 } },
];

/**
 * The same day and time some months later, in UTC; where that month has no such day, its last one (Regulation
 * (EEC) 1182/71, Art. 3 (2) c).
 */
export function addMonths(from: Date, months: number): Date {
  const to = new Date(from);
  to.setUTCMonth(from.getUTCMonth() + months);
  // An overflow into the month behind: day 0 is the last day of the month that was meant.
  if (to.getUTCDate() !== from.getUTCDate()) to.setUTCDate(0);
  return to;
}

/** When the duty ends, as ISO 8601 in UTC; 422 where the calendar of the databases ends before it. */
export function dueAt(aware_at: string, { period }: Pick<DeadlineRule, 'period'>): string {
  const from = new Date(aware_at);
  const to =
    'hours' in period ? new Date(from.getTime() + period.hours * 3_600_000) : addMonths(from, period.months);
  if (to.getUTCFullYear() > 9999)
    throw ValidationError.of('aware_at', 'is too late to count a deadline from', 'range');
  return to.toISOString();
}
