/** What is known of how well a question is met by the best of what was found. */
export interface Met {
  /** The weights of the terms that the best entry has, itself or around it, in rarest terms: 1 for one that one entry has. */
  known: number;
  /** The share of the weights of all terms of the question that no entry has anywhere. */
  unknown: number;
  /** The share of the exact names and dates of the question that one of the best has. */
  exact: number;
  /** How many terms of the question the best have. */
  hits: number;
  /** Whether it names a client. */
  namesClient: boolean;
}

/**
 * A logistic regression: questions of `bench/recall` whose answer is among the first ten, beside prompts that have nothing
 * to do with what is stored, on the half that weights are chosen on. It is moved so that of the questions one in a hundred
 * at most goes unanswered.
 */
const BIAS = -5.4;
const OF = { known: 2.1, unknown: -6, exact: 5.4, hits: 4.8, client: 1.3 };
/** What `known` is measured in: the weight of the rarest term where the regression was made. */
const RAREST = 8.7;

/** The logarithm of the odds that what was found answers the question: 0 is as likely as not. */
export function certaintyOf({ known, unknown, exact, hits, namesClient }: Met): number {
  return (
    BIAS +
    OF.known * Math.log1p(RAREST * known) +
    OF.unknown * unknown +
    OF.exact * exact +
    OF.hits * Math.log1p(hits) +
    (namesClient ? OF.client : 0)
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
