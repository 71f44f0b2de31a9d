import { sumOf } from '../money/amounts.js';
import { STATUSES, type TimeStatus } from './billable-time.entity.js';
import { groupsOf, type Part, partsWith, type SummaryGroup, type Totals, totalsOf } from './summary.js';

/** A part by client and month: these are its keys. */
export interface ClientMonthPart extends Part {
  /** What of its amount is a draft or submitted. */
  not_approved: string;
}

/** Sums of one query, cut four ways. */
export interface ByClientAndMonth {
  /** One for each client, month and currency. */
  parts: ClientMonthPart[];
  /** Of the clients that the actor may see, by id. */
  names: Map<string, string>;
  by_client: SummaryGroup[];
  by_month: SummaryGroup[];
  by_status: SummaryGroup[];
  total: Totals;
  /** What of the total is a draft or submitted. */
  not_approved: Totals;
}

const NOT_APPROVED: readonly TimeStatus[] = ['draft', 'submitted'];
/** Of parts by client, month and status. */
const isNotApproved = ({ keys }: Part): boolean => NOT_APPROVED.some(one => one === keys[2]);

const compare = (one: unknown, other: unknown) => (String(one) < String(other) ? -1 : 1);

/** Parts by client, month and status as those by client and month, in the same order; each by its currencies. */
export function withoutStatus(parts: readonly Part[]): ClientMonthPart[] {
  const months = partsWith(parts, ({ keys: [client, month] }) => `${month} ${client}`);
  return [...months.values()].flatMap(month =>
    [...partsWith(month, one => one.currency)]
      .sort(([one], [other]) => compare(one, other))
      .map(([currency, own]) => {
        const { entries, worked_minutes: worked, billable_minutes: billable, without_rate } = totalsOf(own);
        return {
          keys: own[0]?.keys.slice(0, 2) ?? [],
          currency,
          entries,
          worked,
          billable,
          amount: sumOf(own.map(one => one.amount)),
          without_rate,
          not_approved: sumOf(own.filter(isNotApproved).map(one => one.amount)),
        };
      }),
  );
}

/**
 * Every sum that a report of time and money has.
 *
 * @param byStatus parts by client, month and status
 * @param parts the same by client and month
 */
export function cutFourWays(
  byStatus: readonly Part[],
  parts: ClientMonthPart[],
  names: Map<string, string>,
): ByClientAndMonth {
  const place = ({ key }: SummaryGroup) => STATUSES.findIndex(one => one === key);
  return {
    parts,
    names,
    by_client: groupsOf(parts, 0, names),
    by_month: groupsOf(parts, 1, new Map()).sort((a, b) => compare(a.key, b.key)),
    by_status: groupsOf(byStatus, 2, new Map()).sort((a, b) => place(a) - place(b)),
    total: totalsOf(parts),
    not_approved: totalsOf(byStatus.filter(isNotApproved)),
  };
}
