import { ConflictError, ValidationError } from '../../core/context/errors.js';
import { inParts } from '../../core/database/sql.js';
import type { ResourceKit } from '../../core/resource/kit.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import { settleAlone, settleGroup, type Settled } from '../money/groups.js';
import { BillableTime } from './billable-time.entity.js';

const MOST_MEMBERS = 1_000;
/** Groups that are read at once. */
const GROUPS = 20;
/** Digits of an amount, its point and its cents. */
const LONGEST_AMOUNT = 13;

export interface Changer {
  change: (before: BillableTime, changes: Partial<BillableTime>, verb: string) => Promise<BillableTime>;
}

/**
 * Settles groups, under a lock of their clients: minutes and amounts of `own` rows, which are about to be stored as they
 * are given here, are set; other drafts of these groups are changed, each with its entry. What a credit has taken back
 * is no part of its group.
 */
export async function regroup(
  kit: ResourceKit,
  service: Changer,
  keys: Iterable<string | null>,
  own: readonly BillableTime[] = [],
): Promise<void> {
  const mine = new Set(own.map(one => one.id));
  const wanted = [...new Set(keys)].filter(key => key !== null);
  const ownOf = byGroup(own);
  for (const part of inParts(wanted, GROUPS)) {
    const stored = await kit.rows.find(BillableTime, { group_key: part });
    const credited = await creditedOf(kit, stored);
    const others = byGroup(stored.filter(one => !mine.has(one.id) && !credited.has(one.id)));
    for (const key of part) await settle(service, [...(others.get(key) ?? []), ...(ownOf.get(key) ?? [])], mine); // prettier-ignore
  }
}

/** The ids of those that a credit has taken back. */
async function creditedOf(kit: ResourceKit, rows: readonly BillableTime[]): Promise<Set<string | null>> {
  const credited = new Set<string | null>();
  const billed = rows.filter(one => one.status === 'billed').map(one => one.id);
  for (const part of inParts(billed))
    for (const { credits_id } of await kit.rows.find(BillableTime, { credits_id: part })) credited.add(credits_id); // prettier-ignore
  return credited;
}

function byGroup(rows: readonly BillableTime[]): Map<string | null, BillableTime[]> {
  const groups = new Map<string | null, BillableTime[]>();
  for (const row of rows) {
    const known = groups.get(row.group_key);
    if (known) known.push(row);
    else groups.set(row.group_key, [row]);
  }
  return groups;
}

async function settle(service: Changer, members: BillableTime[], mine: ReadonlySet<string>): Promise<void> {
  if (members.length > MOST_MEMBERS) throw conflict(`At most ${MOST_MEMBERS} entries are rounded together`);
  for (const [entry, settled] of settleGroup(members)) {
    if (turnIsOver()) await nextTurn();
    if (isTooMuch(settled)) throw conflict(`The group makes ${TOO_MUCH}`);
    const { billable_minutes, amount } = settled;
    if (mine.has(entry.id)) Object.assign(entry, { billable_minutes, amount });
    else if (entry.billable_minutes !== billable_minutes || entry.amount !== amount)
      await service.change(entry, { billable_minutes, amount }, 'regroup');
  }
}

function conflict(message: string): ConflictError {
  return new ConflictError(message, { resource_type: 'BillableTime' });
}

/** Minutes and amount of an entry by itself. */
export function settleSingle(row: BillableTime): void {
  const settled = settleAlone(row);
  if (isTooMuch(settled)) throw ValidationError.of('hourly_rate', `makes ${TOO_MUCH}`, 'max');
  Object.assign(row, settled);
}

const TOO_MUCH = 'an amount of more than 10 digits before the point';
const isTooMuch = ({ amount }: Settled) => amount !== null && amount.length > LONGEST_AMOUNT;
