/** What revealing a secret asks for beyond the right to it, from least to most strict. */
export const REVEAL_POLICIES = ['open', 'reason', 'otp', 'approval'] as const;
export type RevealPolicy = (typeof REVEAL_POLICIES)[number];

/** What a credential and its client ask for together. Where one asks for an approval, the code of the other stays. */
export type Demand = RevealPolicy | 'approval+otp';

const DEMANDS: readonly Demand[] = [...REVEAL_POLICIES, 'approval+otp'];
const rank = (demand: Demand) => DEMANDS.indexOf(demand);

/** The stricter of two: of a credential and of its client, that one holds. No stricter policy takes a demand away. */
export function stricterOf(one: Demand, other: Demand | null | undefined): Demand {
  if (!other) return one;
  const [lower, higher] = rank(other) > rank(one) ? [one, other] : [other, one];
  return lower === 'otp' && higher === 'approval' ? 'approval+otp' : higher;
}

export const asksForCode = (demand: Demand): boolean => demand === 'otp' || demand === 'approval+otp';
export const asksForApproval = (demand: Demand): boolean =>
  demand === 'approval' || demand === 'approval+otp';

/** What is left of a demand for who passes its approval in another way. */
export function withoutApproval(demand: Demand): Demand {
  return asksForApproval(demand) ? (asksForCode(demand) ? 'otp' : 'open') : demand;
}

/** Also what asks for an approval instead of a code: that takes the second factor away. */
export function isLooser(after: Demand, before: Demand): boolean {
  return rank(after) < rank(before) || (asksForCode(before) && !asksForCode(after));
}
