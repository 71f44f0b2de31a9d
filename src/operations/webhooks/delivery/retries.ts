import { DAY_MS } from '../../../core/database/values.js';

const MINUTE_MS = 60_000;

/** Milliseconds until a delivery is tried again, after its first failure, its second, and so on: a day in all. */
const PAUSES = [5_000, MINUTE_MS, 15 * MINUTE_MS, 120 * MINUTE_MS, 22 * 60 * MINUTE_MS];
const LONGEST = 22 * 60 * MINUTE_MS;

/** After so long without a success a webhook is switched off. */
export const GIVEN_UP_MS = 3 * DAY_MS;

/**
 * When what has failed is tried again; undefined where it is given up: after six failures, a day after the first at the
 * earliest. Each pause is up to a fifth longer, so that what failed together does not come back together.
 *
 * @param failures with the one of now
 * @param age milliseconds since it was first to be sent
 */
export function pauseAfter(failures: number, age: number, chance = Math.random()): number | undefined {
  if (failures > PAUSES.length && age >= DAY_MS) return undefined;
  return Math.round((PAUSES[failures - 1] ?? LONGEST) * (1 + chance / 5));
}
