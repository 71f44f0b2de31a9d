import fc from 'fast-check';
import type { Candidate } from '../src/memory/recall/candidate.js';
import { heldUntil, inOrderOfTruth } from '../src/memory/recall/ranking/order-of-truth.js';
import { isCurrent } from '../src/memory/recall/ranking/factor.js';
import { rank, type RankOptions } from '../src/memory/recall/ranking/rank.js';
import { WEIGHTS } from '../src/memory/recall/ranking/weights.js';

const NOW = new Date('2026-06-30T12:00:00Z');
const TERMS = ['wwbackup', 'wwfail', 'wwprinter', 'wwvlan', 'nnfw01', 'dd2026z19z03'];
const query = {
  words: ['wwbackup', 'wwvlan'],
  names: ['nnfw01'],
  dates: ['dd2026z19z03'],
  tense: 'now' as const,
};
const options: RankOptions = {
  documents: new Map(TERMS.map((term, n) => [term, 3 + n])),
  total: 500,
  now: NOW,
  half_life_days: 30,
  following: new Map(Array.from({ length: 29 }, (_, n) => [n + 1, n + 2])),
};

const entry = fc.record({
  terms: fc.array(fc.constantFrom(...TERMS), { minLength: 1, maxLength: 12 }),
  session_key: fc.option(fc.constantFrom('one', 'two')),
  days: fc.nat(400),
  importance: fc.integer({ min: 1, max: 10 }),
  supersedes: fc.option(fc.nat(30)),
});
type Entry = typeof entry extends fc.Arbitrary<infer T> ? T : never;

/** Entries in the order of their numbers; each supersedes none or one before it. */
function candidatesOf(entries: readonly Entry[]): Candidate[] {
  const older = entries.map(({ supersedes }, n) =>
    supersedes !== null && supersedes < n ? supersedes : null,
  );
  return entries.map(({ terms, session_key, days, importance }, n) => ({
    n: n + 1,
    row_id: `row ${n}`,
    kind: 'decision_log',
    client_id: null,
    project_id: null,
    user_id: null,
    at: new Date(NOW.getTime() - days * 86_400_000).toISOString(),
    since: null,
    session_key,
    sequence: session_key === null ? null : n,
    length: terms.length,
    importance,
    speech: null,
    superseded: older.includes(n),
    superseded_at: older.includes(n) ? '2026-01-01T00:00:00.000Z' : null,
    supersedes: older[n] === null ? null : `row ${older[n]}`,
    superseded_by: null,
    expires_at: null,
    terms,
  }));
}

const many = fc.array(entry, { minLength: 1, maxLength: 30 }).map(candidatesOf);
const idsOf = (ranked: ReturnType<typeof rank>) => ranked.map(({ candidate }) => candidate.row_id);

it('does not depend on the order in which entries come', () => {
  fc.assert(
    fc.property(many, fc.infiniteStream(fc.nat()), (candidates, chance) => {
      const shuffled = candidates.toSorted(() => (Number(chance.next().value) % 2 ? 1 : -1));
      expect(idsOf(rank(shuffled, query, options))).toEqual(idsOf(rank(candidates, query, options)));
    }),
  );
});

it('gives scores from 0 to 10 that fall, and takes at most 30 % for importance, recency and usage', () => {
  expect(WEIGHTS.importance + WEIGHTS.recency + WEIGHTS.usage).toBeLessThanOrEqual(0.3 + 1e-9);
  fc.assert(
    fc.property(many, candidates => {
      const ranked = rank(candidates, query, options);
      ranked.forEach(({ score, parts }, n) => {
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(10);
        expect(score).toBeLessThanOrEqual(ranked[n - 1]?.score ?? 10);
        expect(parts.factor).toBeGreaterThanOrEqual(0.7 - 1e-9);
        expect(parts.factor).toBeLessThanOrEqual(1);
      });
    }),
  );
});

it.each([
  ['more important', (one: Candidate): Candidate => ({ ...one, importance: 10 })],
  ['newer', (one: Candidate): Candidate => ({ ...one, at: NOW.toISOString() })],
])('never lets an entry sink that is %s', (_, better) => {
  fc.assert(
    fc.property(many, fc.nat(29), (candidates, which) => {
      const chosen = candidates[which % candidates.length] as Candidate;
      const placeIn = (all: Candidate[]) => idsOf(rank(all, query, options)).indexOf(chosen.row_id);
      const changed = candidates.map(one => (one === chosen ? better(one) : one));
      expect(placeIn(changed)).toBeLessThanOrEqual(placeIn(candidates));
    }),
  );
});

it('never lets an entry sink that is used more', () => {
  fc.assert(
    fc.property(many, fc.nat(29), fc.nat(100), (candidates, which, uses) => {
      const { row_id } = candidates[which % candidates.length] as Candidate;
      const used = { ...options, uses: new Map([[row_id, uses]]) };
      const placeWith = (given: RankOptions) => idsOf(rank(candidates, query, given)).indexOf(row_id);
      expect(placeWith(used)).toBeLessThanOrEqual(placeWith(options));
    }),
  );
});

it('never has what was superseded above what took its place, whatever their scores', () => {
  fc.assert(
    fc.property(many, candidates => {
      const ranked = inOrderOfTruth(rank(candidates, query, options), one => !isCurrent(one, NOW));
      expect(idsOf(ranked).toSorted()).toEqual(candidates.map(({ row_id }) => row_id).toSorted());
      const ids = idsOf(ranked);
      for (const { candidate } of ranked)
        if (candidate.supersedes)
          expect(ids.indexOf(candidate.row_id)).toBeLessThan(ids.indexOf(candidate.supersedes));
      ranked.forEach(({ score }, n) => expect(score).toBeLessThanOrEqual(ranked[n - 1]?.score ?? 10));
    }),
  );
});

it('holds what was superseded until it was, and until what took its place was there', () => {
  const [old, next] = candidatesOf([
    { terms: ['wwvlan'], session_key: null, days: 300, importance: 5, supersedes: null },
    { terms: ['wwvlan'], session_key: null, days: 250, importance: 5, supersedes: 0 },
  ]) as [Candidate, Candidate];
  const [held] = heldUntil([old, next]) as [Candidate];
  expect(held.superseded_at).toBe(next.at);
  expect(isCurrent(held, new Date(Date.parse(next.at) - 1))).toBe(true);
  expect(isCurrent(held, new Date(next.at))).toBe(false);
});
