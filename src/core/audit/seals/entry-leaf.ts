import { hash } from 'node:crypto';
import type { Row } from '../../database/sql.js';
import { LATER_MAC_COLUMNS, MAC_COLUMNS } from '../journal-entry.entity.js';

/** An entry in a bundle of tlog-tiles has at most so many bytes. */
const MOST_BYTES = 65_535;
const NAMES = [...MAC_COLUMNS, ...LATER_MAC_COLUMNS, 'mac'] as const;

/** The columns that a leaf is made of, beside seq. */
export const LEAF_COLUMNS: readonly string[] = NAMES;

/** The whole entry with its place in the trail, as JSON: the columns that are set, in the order of the code, as they are stored. */
export function entryJson(stored: Row, seq: number): string {
  const told: Record<string, unknown> = { seq };
  for (const name of NAMES) {
    const value = stored[name];
    if (value === null || value === undefined) continue;
    told[name] = typeof value === 'number' ? value : String(value as string);
  }
  return JSON.stringify(told);
}

/**
 * What the tree of the trail holds of an entry: its JSON, or, where that has more than 65,535 bytes, seq and the SHA-256
 * of it, so that entries of every size fit into the bundles of tlog-tiles.
 */
export function entryLeaf(stored: Row, seq: number): string {
  const json = entryJson(stored, seq);
  if (json.length <= MOST_BYTES / 3 || Buffer.byteLength(json) <= MOST_BYTES) return json;
  return JSON.stringify({ seq, sha256: hash('sha256', json) });
}
