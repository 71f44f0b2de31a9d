import { DAY_MS } from '../../core/database/values.js';

/** How many backups are kept; each rule keeps the newest of its periods (UTC), and what any of them keeps stays. */
export interface Retention {
  last?: number;
  daily?: number;
  weekly?: number;
  monthly?: number;
}

/** Day of ISO 8601's week, Thursday, which says to which year and week a day belongs. */
const THURSDAY = 4;

function weekOf(created_at: string): string {
  const day = new Date(`${created_at.slice(0, 10)}T00:00:00Z`);
  const weekday = day.getUTCDay() || 7;
  return new Date(day.getTime() + (THURSDAY - weekday) * DAY_MS).toISOString().slice(0, 10);
}

const PERIODS: Record<keyof Retention, (created_at: string, index: number) => string> = {
  last: (_, index) => String(index),
  daily: at => at.slice(0, 10),
  weekly: weekOf,
  monthly: at => at.slice(0, 7),
};

/**
 * Which backups may go. Without a rule none does, and the newest never.
 *
 * @param backups in any order; times in ISO 8601, in UTC
 */
export function expired<T extends { created_at: string }>(backups: readonly T[], retention: Retention): T[] {
  const rules = (Object.keys(PERIODS) as (keyof Retention)[]).filter(rule => retention[rule] !== undefined);
  if (rules.length === 0) return [];
  const newestFirst = [...backups].sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
  const kept = new Set(newestFirst.slice(0, 1));
  for (const rule of rules) {
    const periods = new Set<string>();
    newestFirst.forEach((one, index) => {
      const period = PERIODS[rule](one.created_at, index);
      if (periods.has(period) || periods.size >= (retention[rule] ?? 0)) return;
      periods.add(period);
      kept.add(one);
    });
  }
  return newestFirst.filter(one => !kept.has(one));
}
