import { HASH_BYTES, leafHash } from '../../../formats/trail/merkle.js';
import { TILE_WIDTH } from '../../../formats/trail/tiles.js';
import type { KeyRing } from '../../crypto/key-ring.js';
import type { Sql } from '../../database/sql.js';
import { entryLeaf } from '../seals/entry-leaf.js';
import { MAC_SAYS, macFaults, type TimeCheck } from './entry-checks.js';
import { type Copies, markOf } from './copies.js';
import type { EntryThreads, Reading } from './entry-threads.js';
import { type SealedPart, sealedParts, toldOf } from './sealed-entries.js';
import type { SealedTree } from './sealed-tree.js';
import { entryFault, type Findings, type JournalFault, trailFault } from './verification.js';

/** What looks at the sealed entries, and gathers what is found. */
export interface Looking {
  connections: Reading;
  keys: KeyRing;
  tree: SealedTree;
  times: TimeCheck;
  copies: Copies;
  findings: Findings;
  /** Some more were looked at. */
  told: (count: number) => void;
}

/** Each of the first `size` places: the entry by itself, and whether it is what was sealed there. */
export async function verifySealed(threads: EntryThreads, size: number, looking: Looking): Promise<void> {
  for await (const part of sealedParts(looking.connections, threads, size)) {
    const bad = await lookAlone(part, looking);
    looking.copies.add(part.checked.marks);
    looking.findings.fault(...(await placeFaults(part, looking.connections.reader)));
    await checkTimes(part, looking);
    const { leaves, roots } = await compare(part, bad, looking);
    await looking.tree.append(leaves, roots);
    looking.told(part.checked.entries);
  }
}

/** The faults of single entries; gives the places that have one. Those for the plain form get their leaves. */
async function lookAlone(part: SealedPart, { keys, findings }: Looking): Promise<Set<number>> {
  const { from, count, checked, rows } = part;
  const faults = await macFaults(keys, rows);
  for (const { is, ...entry } of checked.odd)
    if (is !== 'plain') faults.push(entryFault(is, entry, MAC_SAYS[is]));
  findings.fault(...faults.sort((a, b) => Number(a.seq) - Number(b.seq)));
  const bad = new Set(faults.map(one => one.n));
  for (const row of rows) {
    const place = Number(row.seq) - from - 1;
    if (!(Number.isInteger(place) && place >= 0 && place < count)) continue;
    if (!bad.has(Number(row.n))) checked.marks[place] = markOf(String(row.mac));
    checked.leaves.set(leafHash(entryLeaf(row, Number(row.seq))), place * HASH_BYTES);
    checked.isThere[place] = 1;
  }
  return new Set(faults.map(one => Number(one.seq)));
}

/** Where there are more entries than places, several share one, or stand between two (SQLite has fractions). */
async function placeFaults({ from, count, checked }: SealedPart, reader: Sql): Promise<JournalFault[]> {
  const places = checked.isThere.reduce((sum, one) => sum + one, 0);
  if (checked.entries === places) return [];
  const seen = new Set<number>();
  return (await toldOf(reader, from, from + count)).flatMap(entry => {
    const seq = Number(entry.seq);
    if (!Number.isInteger(seq)) return entryFault('place', entry, 'is at a place that was never sealed');
    if (seen.has(seq)) return entryFault('duplicate', entry, 'has the place of an entry before it');
    seen.add(seq);
    return [];
  });
}

/** Times are looked at one by one only where a look at all of them does not suffice. */
async function checkTimes(
  { from, count, checked, rows }: SealedPart,
  { connections, times, findings }: Looking,
): Promise<void> {
  if (rows.length === 0 && times.passes(checked)) return;
  for (const entry of await toldOf(connections.reader, from, from + count)) {
    const fault = times.look(entry);
    if (fault) findings.warn(fault);
  }
}

/** The hashes as they were stored when the entries were sealed, and the roots of whole tiles of them that are known. */
async function compare(
  part: SealedPart,
  bad: ReadonlySet<number>,
  { connections, tree, findings }: Looking,
): Promise<{ leaves: Buffer; roots: Map<number, Buffer> }> {
  const { from, count, checked } = part;
  const leaves = bytesOf(checked.leaves);
  const known = bytesOf(checked.roots);
  const roots = new Map<number, Buffer>();
  const tiles = await tree.storedTiles(from, count);
  // Parts begin with a tile.
  for (let first = 0; first < count; first += TILE_WIDTH) {
    const index = (from + first) / TILE_WIDTH;
    const width = Math.min(TILE_WIDTH, count - first);
    const stored = tiles.get(index)?.subarray(0, width * HASH_BYTES);
    const own = leaves.subarray(first * HASH_BYTES, (first + width) * HASH_BYTES);
    const isWhole = !checked.isThere.subarray(first, first + width).includes(0);
    if (isWhole && stored?.equals(own)) {
      const at = (first / TILE_WIDTH) * HASH_BYTES;
      if (width === TILE_WIDTH && rootsFit(part)) roots.set(index, known.subarray(at, at + HASH_BYTES));
      continue;
    }
    const entries = await toldOf(connections.reader, from + first, from + first + width);
    const bySeq = new Map(entries.map(entry => [Number(entry.seq), entry]));
    for (let n = 0; n < width; n++) {
      const at = n * HASH_BYTES;
      const hash = stored?.subarray(at, at + HASH_BYTES);
      const there = hash?.length === HASH_BYTES ? hash : undefined;
      const seq = from + first + n + 1;
      const entry = bySeq.get(seq);
      if (!entry || checked.isThere[first + n] !== 1)
        findings.fault(trailFault('missing', seq, `The entry ${seq} of the trail is missing`));
      else if (!there) findings.fault(entryFault('tree', entry, 'is missing from the tree that was stored'));
      else if (!there.equals(own.subarray(at, at + HASH_BYTES)) && !bad.has(seq))
        findings.fault(entryFault('changed', entry, 'is not the entry that was sealed at this place'));
      // The tree that was stored is judged by its checkpoints; what was done to the entry is told above.
      there?.copy(own, at);
    }
  }
  return { leaves, roots };
}

/** The thread's roots are over what it hashed itself. */
const rootsFit = ({ rows }: SealedPart) => rows.length === 0;

function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
