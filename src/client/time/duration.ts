import { UsageError } from '../cli/errors.js';

const DAY = 1_440;
const FORM = /^(?:(\d{1,4})m?|(\d{1,2})h(?:([0-5]?\d)m?)?|(\d{1,2}):([0-5]\d)|(\d{1,2})[.,](\d{1,2})h)$/i;

/**
 * Minutes of `90`, `90m`, `1h30`, `1h30m`, `1:30`, `1.5h` or `1,5h`.
 *
 * @throws UsageError for what is none of them, for nothing, for more than a day, and for parts of a minute
 */
export function minutesOf(text: string): number {
  const [, minutes, hours, rest = '0', clock, past = '0', whole, part = '0'] = FORM.exec(text.trim()) ?? [];
  const total =
    minutes !== undefined
      ? Number(minutes)
      : hours !== undefined
        ? Number(hours) * 60 + Number(rest)
        : clock !== undefined
          ? Number(clock) * 60 + Number(past)
          : whole !== undefined
            ? // In hundredths of an hour, so that nothing is lost to binary fractions.
              ((Number(whole) * 100 + Number(part.padEnd(2, '0'))) * 60) / 100
            : NaN;
  if (Number.isNaN(total)) throw new UsageError('MINUTES is a time as 90, 1h30, 1:30 or 1.5h.');
  if (!Number.isInteger(total)) throw new UsageError('MINUTES must be whole minutes.');
  if (total < 1 || total > DAY) throw new UsageError('MINUTES must be from one minute to a day (1440).');
  return total;
}

const twoDigits = (number: number) => String(number).padStart(2, '0');

/** A day as YYYY-MM-DD: `today` and `yesterday` as the clock of this machine has it. */
export function dayOf(text: string, now = new Date()): string {
  const back = ['today', 'yesterday'].indexOf(text);
  if (back === -1) {
    const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN;
    // To Date, the 31st of February is a day in March.
    if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text)
      throw new UsageError('--date is a day as 2026-01-31, today or yesterday.');
    return text;
  }
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - back);
  return [day.getFullYear(), twoDigits(day.getMonth() + 1), twoDigits(day.getDate())].join('-');
}
