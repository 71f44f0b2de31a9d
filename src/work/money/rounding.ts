export const ROUNDINGS = ['none', 'up', 'nearest'] as const;
export const SCOPES = ['entry', 'work_item', 'day'] as const;

/** How minutes are rounded; `scope` says which of them are added up before. */
export interface RoundingRule {
  increment_minutes: number;
  minimum_minutes: number;
  rounding: (typeof ROUNDINGS)[number];
  scope: (typeof SCOPES)[number];
}

/**
 * The minutes that are billed for minutes worked: rounded to the increment, half of it upwards, and at least the
 * minimum, which is rounded up to the increment itself. No work is nothing. Without a rule, the minutes as they are.
 */
export function roundedMinutes(worked: number, rule: RoundingRule | null): number {
  if (worked === 0 || rule === null) return worked;
  const { increment_minutes: step, minimum_minutes: least, rounding } = rule;
  if (rounding === 'none') return Math.max(worked, least);
  const steps = rounding === 'up' ? Math.ceil(worked / step) : Math.floor(worked / step + 0.5);
  return Math.max(steps, Math.ceil(least / step)) * step;
}

/** Whether it makes no difference what is added up before it is rounded. */
export function leavesMinutes(rule: RoundingRule | null): boolean {
  if (rule === null) return true;
  return (rule.rounding === 'none' || rule.increment_minutes === 1) && rule.minimum_minutes <= 1;
}
