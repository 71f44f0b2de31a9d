import { createHash } from 'node:crypto';
import { amountOf, type Priced, restOf } from './amounts.js';
import { leavesMinutes, roundedMinutes, type RoundingRule } from './rounding.js';

/** The rule that was applied, as an entry keeps it. */
export interface AppliedRule extends RoundingRule {
  rate_rule_id: string;
}

/** What an entry's group, minutes and amount depend on. */
export interface Member extends Priced {
  id: string;
  client_id: string;
  work_item_id: string | null;
  work_date: string;
  started_at: string | null;
  labour_type: string;
  currency: string;
  is_billable: boolean;
  status: string;
  worked_minutes: number;
  amount: string | null;
  rounding: AppliedRule | null;
}

export interface Settled {
  billable_minutes: number;
  /** Null where nobody has set a price. */
  amount: string | null;
}

/**
 * Which entries are added up before their minutes are rounded: billable ones of one client, one labour type, one
 * currency and one and the same rule in the state that they were written under, and of one work item (scope
 * `work_item`) or of one work_date (scope `day`). Whose they are makes no difference: the client pays for the work.
 * Null for an entry that is rounded alone, as one without a work item is under the scope `work_item`.
 */
export function groupOf(entry: Member): string | null {
  const { client_id, labour_type, currency, rounding: rule } = entry;
  if (!entry.is_billable || rule === null || rule.scope === 'entry' || leavesMinutes(rule)) return null;
  const shared = rule.scope === 'day' ? entry.work_date : entry.work_item_id;
  if (shared === null) return null;
  const { rate_rule_id, increment_minutes, minimum_minutes, rounding, scope } = rule;
  const said = [client_id, labour_type, currency, rate_rule_id, increment_minutes, minimum_minutes, rounding];
  return createHash('sha256')
    .update(JSON.stringify([...said, scope, shared]))
    .digest('hex');
}

/**
 * The minutes and amounts of the drafts of one group. Each is billed the minutes that were worked, and the last one
 * (by work_date, started_at, then as they were written) what is missing to the rounded sum, in minutes and in cents;
 * where earlier ones that are no longer drafts have been billed more than that, drafts are billed what is left of it.
 */
export function settleGroup<M extends Member>(members: readonly M[]): Map<M, Settled> {
  const settled = new Map<M, Settled>();
  const drafts = members.filter(one => one.status === 'draft').sort(inOrder);
  const last = drafts.at(-1);
  if (!last) return settled;
  const fixed = members.filter(one => one.status !== 'draft');
  const worked = members.reduce((sum, one) => sum + one.worked_minutes, 0);
  let left = roundedMinutes(worked, last.rounding);
  for (const one of fixed) left -= one.billable_minutes;
  left = Math.max(0, left);
  for (const one of drafts) {
    const billable_minutes = one === last ? left : Math.min(one.worked_minutes, left);
    left -= billable_minutes;
    settled.set(one, { billable_minutes, amount: alone({ ...one, billable_minutes }) });
  }
  const end = settled.get(last);
  if (end) end.amount = carried(last, members, settled);
  return settled;
}

/** An entry that is in no group: rounded alone, and nothing when it is not billable. */
export function settleAlone(entry: Member): Settled {
  if (!entry.is_billable) return { billable_minutes: 0, amount: '0.00' };
  const billable_minutes = roundedMinutes(entry.worked_minutes, entry.rounding);
  return { billable_minutes, amount: alone({ ...entry, billable_minutes }) };
}

const alone = (one: Priced) => (one.hourly_rate === null ? null : amountOf(one));

/** The amount of the last draft: what is missing to that of the whole group, which is rounded once. */
function carried<M extends Member>(
  last: M,
  members: readonly M[],
  settled: ReadonlyMap<M, Settled>,
): string | null {
  if (last.hourly_rate === null) return null;
  const priced = members.map(one => ({ ...one, ...settled.get(one) }));
  const others = priced.flatMap(one => (one.id === last.id ? [] : [one.amount ?? '0.00']));
  return restOf(amountOf(...priced), others);
}

function inOrder(one: Member, other: Member): number {
  return (
    compare(one.work_date, other.work_date) ||
    compare(one.started_at ?? '', other.started_at ?? '') ||
    compare(one.id, other.id)
  );
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
