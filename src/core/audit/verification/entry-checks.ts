import { timingSafeEqual } from 'node:crypto';
import type { KeyRing } from '../../crypto/key-ring.js';
import { OpeningError } from '../../crypto/opening-error.js';
import type { Row } from '../../database/sql.js';
import type { CheckedEntries } from './entry-lines.js';
import { journalMac } from '../journal-mac.js';
import { entryFault, type JournalFault } from './verification.js';

/** Columns of the journal that hold no text. */
export const NUMBERS: ReadonlySet<string> = new Set(['n', 'seq', 'mac_key_version']);
/** What runs side by side is this far apart at most. */
export const TOLERANCE_MS = 5 * 60_000;

/** Whether each value is a text or null, and the version a number: a blob has the MAC of its text, and no filter finds it. */
function isTyped(entry: Row): boolean {
  return Object.entries(entry).every(
    ([name, value]) => value === null || typeof value === (NUMBERS.has(name) ? 'number' : 'string'),
  );
}

/** Whether the MAC is the one that the key gives for the entry as it is stored. */
function macFits(key: Buffer, entry: Row): boolean {
  if (!isTyped(entry)) return false;
  const expected = Buffer.from(journalMac(key, entry));
  const found = Buffer.from(String(entry.mac));
  return expected.length === found.length && timingSafeEqual(expected, found);
}

/** What faults say of a MAC that is not that of the entry, or that nobody can check. */
export const MAC_SAYS = {
  mac: 'was edited, or was not written by this installation',
  key: 'is sealed by a key which is not there',
};

const timeOf = (stored: string) => Date.parse(`${stored.replace(' ', 'T')}Z`);

/** Entries are put in order when they are committed: their times rise, but for what runs side by side. */
export class TimeCheck {
  private latest = 0;

  /** @param now what the clock says, in milliseconds */
  constructor(private readonly now: number) {}

  /** Looks at each entry in order, once. */
  look(entry: Row): JournalFault | undefined {
    const at = timeOf(String(entry.at));
    const before = this.latest;
    this.latest = Math.max(this.latest, Math.min(at, this.now));
    if (at > this.now + TOLERANCE_MS)
      return entryFault('future', entry, 'is of a time that has not come yet');
    if (at < before - TOLERANCE_MS) return entryFault('order', entry, 'is older than an entry before it');
    return undefined;
  }

  /** The same of many at once; false, and nothing done, where some may have to be looked at. */
  passes({ earliest, latest, falls }: Pick<CheckedEntries, 'earliest' | 'latest' | 'falls'>): boolean {
    const [first, last] = [timeOf(earliest), timeOf(latest)];
    if (falls || !(first >= this.latest - TOLERANCE_MS && last <= this.now)) return false;
    this.latest = Math.max(this.latest, last);
    return true;
  }
}

/** The MACs of a batch, one look-up for each version of the key. */
export async function macFaults(keys: KeyRing, batch: Row[]): Promise<JournalFault[]> {
  const versions = [...new Set(batch.map(entry => Number(entry.mac_key_version)))];
  const found: JournalFault[] = [];
  for (const version of versions) {
    const entries = batch.filter(entry => Number(entry.mac_key_version) === version);
    try {
      const bad = await keys.useSystem('audit-mac', version, key =>
        entries.filter(entry => !macFits(key, entry)),
      );
      found.push(...bad.map(entry => entryFault('mac', entry, MAC_SAYS.mac)));
    } catch (error) {
      if (!(error instanceof OpeningError)) throw error;
      found.push(...entries.map(entry => entryFault('key', entry, MAC_SAYS.key)));
    }
  }
  return found.sort((a, b) => Number(a.n) - Number(b.n));
}
