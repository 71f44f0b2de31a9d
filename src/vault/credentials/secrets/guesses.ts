import type { SharedCounts } from '../../../core/http/limits/shared-counts.js';

/** Different guesses of one user's access tokens within an hour that are compared with what he may reveal. */
export const MOST_GUESSES = 500;
const HOUR_MS = 3_600_000;
/** Users whose hours are known; the oldest go. */
const MOST_HOURS = 10_000;

interface Hour {
  ends: number;
  /** Fingerprints. */
  known: Set<string>;
}

/** Which of the guesses may be compared. */
export interface Admitted {
  admitted: string[];
  beyond: string[];
}

/** What is left of an hour of each user, in all processes together. */
export class Guesses {
  private readonly hours = new Map<string, Hour>();

  constructor(private readonly counts: SharedCounts) {}

  /**
   * What was compared in this hour costs nothing again.
   *
   * @param guesses by their fingerprints
   */
  admit(user_id: string, guesses: ReadonlyMap<string, string>): Admitted {
    const { known, ends } = this.hourOf(user_id);
    const name = `guesses:${user_id}`;
    const most = MOST_GUESSES - this.counts.elsewhere(name).points;
    const admitted: string[] = [];
    const beyond: string[] = [];
    for (const [fingerprint, guess] of guesses) {
      if (known.size < most) known.add(fingerprint);
      (known.has(fingerprint) ? admitted : beyond).push(guess);
    }
    this.counts.note(name, { points: known.size, left: ends - performance.now() });
    return { admitted, beyond };
  }

  private hourOf(user_id: string): Hour {
    const now = performance.now();
    const known = this.hours.get(user_id);
    if (known && known.ends > now) return known;
    const hour = { ends: now + HOUR_MS, known: new Set<string>() };
    this.hours.delete(user_id);
    this.hours.set(user_id, hour);
    for (const old of this.hours.keys())
      if (this.hours.size > MOST_HOURS) this.hours.delete(old);
      else break;
    return hour;
  }
}
