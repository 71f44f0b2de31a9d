import { type FieldFault, ValidationError } from '../../core/context/errors.js';
import { isDay } from '../../core/database/values.js';

/** Days, both included. */
export interface Period {
  from: string;
  to: string;
}

const MOST_MONTHS = 120;
/** Months of a report that names none, the present one included. */
const USUAL = 12;

const dayOf = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);
const yearAndMonth = (day: string) => [Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1] as const;

/** The first day of the month so many months from that of a day. */
function firstOf(day: string, months = 0): string {
  const [year, month] = yearAndMonth(day);
  return dayOf(year, month + months, 1);
}

/** The last day of the month of a day. */
function lastOf(day: string): string {
  const [year, month] = yearAndMonth(day);
  return dayOf(year, month + 1, 0);
}

/** `2026-01`, and every month after it up to the one of `to`. */
export function monthsOf({ from, to }: Period): string[] {
  const months: string[] = [];
  for (let day = firstOf(from); day <= to && months.length <= MOST_MONTHS; day = firstOf(day, 1))
    months.push(day.slice(0, 7));
  return months;
}

/**
 * The period that a query names: a month, or two days; without one the last twelve months.
 *
 * @param today in the time zone of whose report it is
 * @throws ValidationError for what is none, is backwards, or has more than ten years
 */
export function periodOf(given: { month?: unknown; from?: unknown; to?: unknown }, today: string): Period {
  const faults = faultsOf(given);
  if (faults.length > 0) throw new ValidationError(faults, 'The query is not valid');
  const { month, from, to } = given as { month?: string; from?: string; to?: string };
  if (month !== undefined) return { from: `${month}-01`, to: lastOf(`${month}-01`) };
  const end = to ?? [lastOf(today), from ?? today].sort().at(-1) ?? today;
  const period = { from: from ?? firstOf(end, 1 - USUAL), to: end };
  if (period.to < period.from) throw ValidationError.of('to', 'must not come before from', 'order');
  if (monthsOf(period).length > MOST_MONTHS)
    throw ValidationError.of('from', 'must be ten years before to at most', 'max');
  return period;
}

function faultsOf({ month, from, to }: { month?: unknown; from?: unknown; to?: unknown }): FieldFault[] {
  const faults: FieldFault[] = [];
  if (month !== undefined && !(typeof month === 'string' && isDay(`${month}-01`)))
    faults.push({ field: 'month', message: 'must be a month, such as 2026-01', rule: 'type' });
  for (const [field, day] of Object.entries({ from, to })) {
    if (day === undefined) continue;
    if (!isDay(day)) faults.push({ field, message: 'must be a day, such as 2026-01-31', rule: 'type' });
    else if (month !== undefined)
      faults.push({ field, message: 'cannot be used together with month', rule: 'conflict' });
  }
  return faults;
}
