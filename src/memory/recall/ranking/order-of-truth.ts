import type { Candidate } from '../candidate.js';
import type { Ranked } from './rank.js';

/**
 * Ranked entries so that none stands above what has taken its place: that has at least the score of what it replaced,
 * and comes first. Best first.
 */
export function inOrderOfTruth(ranked: readonly Ranked[], isOver: (one: Candidate) => boolean): Ranked[] {
  const byRow = new Map(ranked.map(one => [one.candidate.row_id, one]));
  const newer = new Map<string, Set<string>>();
  const link = (old: string | null, next: string | null) => {
    if (!old || !next || !byRow.has(old) || !byRow.has(next)) return;
    if (isOver((byRow.get(old) as Ranked).candidate)) newer.set(old, (newer.get(old) ?? new Set()).add(next));
  };
  for (const { candidate } of ranked) {
    link(candidate.supersedes, candidate.row_id);
    link(candidate.row_id, candidate.superseded_by);
  }
  if (newer.size === 0) return [...ranked];
  const depths = depthsOf(newer);
  const depthOf = ({ candidate }: Ranked) => depths.get(candidate.row_id) ?? 0;
  const scores = new Map(ranked.map(one => [one.candidate.row_id, one.score]));
  // What was replaced most often first, so that a whole chain hands its score on.
  for (const [old] of [...depths].sort(([, a], [, b]) => b - a))
    for (const next of newer.get(old) ?? [])
      scores.set(next, Math.max(scores.get(next) ?? 0, scores.get(old) ?? 0));
  return ranked
    .map((one): Ranked => {
      const score = scores.get(one.candidate.row_id) ?? one.score;
      return score === one.score
        ? one
        : { ...one, score, parts: { ...one.parts, replaces: score - one.score } };
    })
    .sort((a, b) => b.score - a.score || depthOf(a) - depthOf(b) || b.candidate.n - a.candidate.n);
}

/**
 * The entries with the time until which they held: that at which they were marked, or from which what took their place is
 * there, whichever is first.
 */
export function heldUntil(candidates: readonly Candidate[]): Candidate[] {
  const since = new Map<string, string>();
  const byRow = new Map(candidates.map(one => [one.row_id, one]));
  const replaced = (old: string | null, next: Candidate | undefined) => {
    if (!old || !next) return;
    const from = next.since ?? next.at;
    const known = since.get(old);
    if (known === undefined || from < known) since.set(old, from);
  };
  for (const one of candidates) {
    replaced(one.supersedes, one);
    replaced(one.row_id, one.superseded_by === null ? undefined : byRow.get(one.superseded_by));
  }
  return candidates.map(one => {
    const from = one.superseded ? since.get(one.row_id) : undefined;
    const isSooner = from !== undefined && one.superseded_at !== null && from < one.superseded_at;
    return isSooner ? { ...one, superseded_at: from } : one;
  });
}

/** How many steps each entry is behind what holds; what replaces itself in a circle counts once. */
function depthsOf(newer: ReadonlyMap<string, ReadonlySet<string>>): Map<string, number> {
  const depths = new Map<string, number>();
  const depthOf = (id: string, path: ReadonlySet<string>): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    const next = [...(newer.get(id) ?? [])].filter(one => !path.has(one));
    const depth =
      next.length === 0 ? 0 : 1 + Math.max(...next.map(one => depthOf(one, new Set([...path, id]))));
    depths.set(id, depth);
    return depth;
  };
  for (const [old, next] of newer) for (const id of [old, ...next]) depthOf(id, new Set());
  return depths;
}
