import BigJs from 'big.js';

/** Decimals that round half up, and to cents: only where they divide. */
const Exact = BigJs();
Exact.DP = 2;
Exact.RM = Exact.roundHalfUp;

/** Minutes at a price for an hour. */
export interface Priced {
  billable_minutes: number;
  /** A decimal as text; null where nobody has set a price. */
  hourly_rate: string | null;
  multiplier: string;
}

/** What is billed for these together, as a decimal of two places: exact, and rounded half up once, at the end. */
export function amountOf(...all: Priced[]): string {
  const sixtieths = all.reduce(
    (sum, { billable_minutes, hourly_rate, multiplier }) =>
      sum.plus(new Exact(hourly_rate ?? 0).times(multiplier).times(billable_minutes)),
    new Exact(0),
  );
  return sixtieths.div(60).toFixed(2);
}

/** The sum of decimals of two places, which may be negative. */
export function sumOf(amounts: readonly string[]): string {
  return amounts.reduce((sum, one) => sum.plus(one), new Exact(0)).toFixed(2);
}

/** A decimal of two places with the other sign. */
export function negated(amount: string): string {
  return new Exact(amount).times(-1).toFixed(2);
}

/** `whole` without `parts`, and at least nothing. */
export function restOf(whole: string, parts: readonly string[]): string {
  const rest = new Exact(whole).minus(sumOf(parts));
  return (rest.lt(0) ? new Exact(0) : rest).toFixed(2);
}
