/** What revealing a secret asks for beyond the right to it, from least to most strict. */
export const REVEAL_POLICIES = ['open', 'reason', 'otp'] as const;
export type RevealPolicy = (typeof REVEAL_POLICIES)[number];

const rank = (policy: RevealPolicy) => REVEAL_POLICIES.indexOf(policy);

/** The stricter of two: of a credential and of its client, that one holds. */
export function stricterOf(one: RevealPolicy, other: RevealPolicy | null | undefined): RevealPolicy {
  return other && rank(other) > rank(one) ? other : one;
}

export function isLooser(after: RevealPolicy, before: RevealPolicy): boolean {
  return rank(after) < rank(before);
}
