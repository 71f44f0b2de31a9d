/** What is known of a row of the memory that says how much it matters. */
export interface Relevance {
  /** 1 to 10, 10 the most important. */
  importance: number;
  /** ISO 8601: when it was written or last seen. */
  at: string;
  usage_count?: number;
}

/** The shares of recency and usage in a score: together 30 %, so that what is old and unused still comes to 70 %. */
const RECENCY = 0.2;
const USAGE = 0.1;
/** So many uses count in full. */
const MANY_USES = 32;
const DAY_MS = 86_400_000;

/** How recent: 1 for now, one half after each half-life; what lies ahead is now. */
export function recencyOf(at: string, now: Date, halfLifeDays: number): number {
  const days = Math.max(0, (now.getTime() - Date.parse(at)) / DAY_MS);
  return 2 ** -(days / halfLifeDays);
}

/** How used: 0 for never, 1 for 32 times and more, by the logarithm. */
export function usageOf(count: number): number {
  return Math.min(1, Math.log2(1 + Math.max(0, count)) / Math.log2(1 + MANY_USES));
}

/**
 * How much a row matters by itself, from 0 to 10 with two digits behind the point:
 * `0.7 × importance + 10 × (0.2 × 2^(−age ÷ half-life) + 0.1 × log₂(1 + uses) ÷ log₂ 33)`.
 */
export function calculateRelevanceScore(
  { importance, at, usage_count = 0 }: Relevance,
  now: Date,
  halfLifeDays = 30,
): number {
  const own = (1 - RECENCY - USAGE) * importance;
  const score = own + 10 * (RECENCY * recencyOf(at, now, halfLifeDays) + USAGE * usageOf(usage_count));
  return Math.round(Math.min(10, Math.max(0, score)) * 100) / 100;
}
