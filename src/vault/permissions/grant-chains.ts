import { LEVELS, type Level } from './credential-permission.entity.js';

/** A grant, and what it is on: one credential with its client, or a whole client. Times are ISO 8601 in UTC. */
export interface ChainedGrant {
  id: string;
  user_id: string;
  granted_by: string | null;
  level: Level;
  expires_at: string | null;
  /** Null for a grant on a whole client. */
  credential_id: string | null;
  /** The client, or the one that the credential belongs to. */
  client_id: string | null;
}

export type Worth = Pick<ChainedGrant, 'level' | 'expires_at'>;

/** Until when somebody has each level, by its rank; empty: not at all. */
type Ends = readonly string[];

const ENDLESS = '9999';
const NONE: Ends = LEVELS.map(() => '');
const ALL: Ends = LEVELS.map(() => ENDLESS);
const later = (one: Ends, other: Ends): Ends =>
  one.map((end, n) => (end > (other[n] ?? '') ? end : (other[n] ?? '')));
const earlier = (one: Ends, other: Ends): Ends =>
  one.map((end, n) => (end < (other[n] ?? '') ? end : (other[n] ?? '')));
const rank = (level: Level) => LEVELS.indexOf(level);

function endsOf({ level, expires_at }: Worth, time: string): Ends {
  const end = expires_at ?? ENDLESS;
  return LEVELS.map((_, n) => (n <= rank(level) && end > time ? end : ''));
}

function covers(one: ChainedGrant, other: ChainedGrant): boolean {
  return one.credential_id === null
    ? one.client_id !== null && one.client_id === other.client_id
    : one.credential_id === other.credential_id;
}

/** Whether the second was given by the holder of the first, within what that covers. */
export function mayRestOn(given: ChainedGrant, base: ChainedGrant): boolean {
  return given.granted_by === base.user_id && rank(given.level) <= rank(base.level) && covers(base, given);
}

/**
 * What each of the grants in question is worth: no more, and no longer, than what its giver has. That is the least
 * fixpoint: it begins with none of them, so that two who granted to each other do not keep each other's right alive.
 *
 * @param isRooted whether the giver has the right by ownership or as an administrator
 * @param others all other grants that their givers hold
 * @param time now
 * @returns for each of them what is left; null for nothing
 */
export function worthOf(
  asked: ChainedGrant[],
  others: ChainedGrant[],
  isRooted: (grant: ChainedGrant) => boolean,
  time: string,
): Map<ChainedGrant, Worth | null> {
  const worth = new Map<ChainedGrant, Worth | null>(asked.map(one => [one, one]));
  // One row has one level and one end, which may be less than what supports it: so again with what it has become.
  for (let changed = true; changed;) {
    changed = false;
    for (const [one, ends] of supported(worth, others, isRooted, time)) {
      const left = flat(ends, worth.get(one) ?? null);
      const present = worth.get(one) ?? null;
      if (left?.level === present?.level && left?.expires_at === present?.expires_at) continue;
      worth.set(one, left);
      changed = true;
    }
  }
  return worth;
}

function supported(
  worth: Map<ChainedGrant, Worth | null>,
  others: ChainedGrant[],
  isRooted: (grant: ChainedGrant) => boolean,
  time: string,
): Map<ChainedGrant, Ends> {
  const found = new Map<ChainedGrant, Ends>([...worth.keys()].map(one => [one, NONE]));
  const holds = (one: ChainedGrant, base: ChainedGrant) =>
    one.granted_by === base.user_id && covers(base, one);
  const roots = new Map(
    [...worth.keys()].map(one => [
      one,
      isRooted(one)
        ? ALL
        : others.filter(base => holds(one, base)).reduce((sum, base) => later(sum, endsOf(base, time)), NONE),
    ]),
  );
  for (let grown = true; grown;) {
    grown = false;
    for (const [one, present] of worth) {
      if (!present) continue;
      let support = roots.get(one) ?? NONE;
      for (const [base, ends] of found) if (holds(one, base)) support = later(support, ends);
      const ends = earlier(endsOf(present, time), support);
      if (ends.join() === found.get(one)?.join()) continue;
      found.set(one, ends);
      grown = true;
    }
  }
  return found;
}

/** The highest level that is left, and its end. */
function flat(ends: Ends, present: Worth | null): Worth | null {
  const level = LEVELS.findLast((_, n) => (ends[n] ?? '') !== '');
  if (!level || !present) return null;
  const end = ends[rank(level)] ?? '';
  return { level, expires_at: end === ENDLESS ? null : end };
}
