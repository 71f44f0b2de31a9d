import type { RateRule } from './rate-rule.entity.js';

type Valid = Pick<RateRule, 'valid_from' | 'valid_to'>;

/** Whether a rule is valid on a day; both of its ends are. */
export function isValidOn({ valid_from, valid_to }: Valid, day: string): boolean {
  return (valid_from === null || valid_from <= day) && (valid_to === null || valid_to >= day);
}

/** Whether there is a day on which both are valid. */
export function overlap(one: Valid, other: Valid): boolean {
  const before = (end: string | null, start: string | null) => end !== null && start !== null && end < start;
  return !before(one.valid_to, other.valid_from) && !before(other.valid_to, one.valid_from);
}

/**
 * Of rules for one client and for every client, the one that is applied to work of a labour type on a day: for client
 * and type, else for the client, else for the type, else for everything.
 */
export function mostSpecific(
  rules: readonly RateRule[],
  labour_type: string,
  day: string,
): RateRule | undefined {
  const weight = (rule: RateRule) => (rule.client_id === null ? 0 : 2) + (rule.labour_type === null ? 0 : 1);
  return rules
    .filter(one => one.labour_type === null || one.labour_type === labour_type)
    .filter(one => isValidOn(one, day))
    .sort((one, other) => weight(other) - weight(one))[0];
}
