import { timingSafeEqual } from 'node:crypto';
import type { KeyRing } from '../../crypto/key-ring.js';
import { OpeningError } from '../../crypto/opening-error.js';
import type { Row } from '../../database/sql.js';
import { journalMac } from '../journal-mac.js';
import { entryFault, type JournalFault } from './verification.js';

const TOLERANCE_MS = 5 * 60_000;

/** Looks at each entry in order, once. */
export type EntryCheck = (entry: Row) => JournalFault | undefined;

/** Whether the MAC is the one that the key gives for the entry as it is stored. */
function macFits(key: Buffer, entry: Row): boolean {
  const expected = Buffer.from(journalMac(key, entry));
  const found = Buffer.from(String(entry.mac));
  return expected.length === found.length && timingSafeEqual(expected, found);
}

/** Entries are put in order when they are committed: their times rise, but for what runs side by side. */
export function timeCheck(now: number): EntryCheck {
  let latest = 0;
  return entry => {
    const at = Date.parse(`${String(entry.at).replace(' ', 'T')}Z`);
    const before = latest;
    latest = Math.max(latest, Math.min(at, now));
    if (at > now + TOLERANCE_MS) return entryFault('future', entry, 'is of a time that has not come yet');
    if (at < before - TOLERANCE_MS) return entryFault('order', entry, 'is older than an entry before it');
    return undefined;
  };
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
      const says = 'was edited, or was not written by this installation';
      found.push(...bad.map(entry => entryFault('mac', entry, says)));
    } catch (error) {
      if (!(error instanceof OpeningError)) throw error;
      const says = `is sealed by key ${version}, which is not there`;
      found.push(...entries.map(entry => entryFault('key', entry, says)));
    }
  }
  return found.sort((a, b) => Number(a.n) - Number(b.n));
}
