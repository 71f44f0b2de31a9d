/** What is known of how well a question is met by the best of what was found. */
export interface Met {
  /** The weights of the terms that the best entry has, itself or around it, in rarest terms: 1 for one that one entry has. */
  known: number;
  /** The share of the weights of all terms of the question that nothing has that was said where it is asked. */
  unknown: number;
  /** The share of the exact names and dates of the question that one of the best has, or what was said beside it. */
  exact: number;
  /** How many terms of the question the best have. */
  hits: number;
  /** How many entries there are. */
  total: number;
}

/**
 * A logistic regression: questions of `bench/recall` whose answer is among the first ten, in large projects and in those
 * that have just begun, beside prompts that have nothing to do with what is stored and, for less, questions without an
 * answer; on the half that weights are chosen on. It is moved so that of these questions one in a thousand at most goes
 * unanswered: of others it is one in a hundred.
 */
const BIAS = -2.41;
const OF = { known: 1.03, unknown: -3.83, exact: 4.04, hits: 2.73, few: 3.68 };
/** Where there are no more entries than these, most words of a question are new, and that says little. */
const FEW = 50;
/** What `known` is measured in: the weight of the rarest term where the regression was made. */
const RAREST = 8.7;

/** The logarithm of the odds that what was found answers the question: 0 is as likely as not. */
export function certaintyOf({ known, unknown, exact, hits, total }: Met): number {
  return (
    BIAS +
    OF.known * Math.log1p(RAREST * known) +
    OF.unknown * unknown +
    OF.exact * exact +
    OF.hits * Math.log1p(hits) +
    (OF.few * FEW) / (FEW + total)
  );
}

/** How far an entry falls behind the best: one that has a third of what that has loses half of a unit of the odds. */
const BEHIND = 0.5;

/**
 * The score of an entry, 0 to 10: the odds of the best one, less what it is behind; 5 is as likely as not.
 *
 * @param share what it has of what the best has, from 0 to 1
 */
export function scoreOf(certainty: number, share: number): number {
  if (share <= 0) return 0;
  return 10 / (1 + Math.exp(-(certainty + BEHIND * Math.log(share))));
}
