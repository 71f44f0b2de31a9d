import type { Row, Sql } from '../../database/sql.js';
import { inParts, placeholders } from '../../database/sql.js';
import { TILE_WIDTH } from '../../../formats/trail/tiles.js';
import { LEAF_COLUMNS } from '../seals/entry-leaf.js';
import type { CheckedEntries } from './entry-lines.js';
import type { EntryThreads, Reading } from './entry-threads.js';

/** Parts that are looked at while one is compared. */
const AHEAD = 4;
/** Tiles of entries in a part; of long entries one at a time, so that memory stays small. */
const TILES = 8;
const MOST_CHARACTERS = 2_000_000;
/** Rows of the plain form in one statement. */
const MOST_ROWS = 100;

export const ENTRY_COLUMNS = ['n', 'seq', ...LEAF_COLUMNS].join(', ');

/** The `count` places behind `from`, with what the thread found. */
export interface SealedPart {
  from: number;
  count: number;
  checked: CheckedEntries;
  /** The entries that are for the plain form. */
  rows: Row[];
}

/** The sealed entries, part by part in their order; the next are looked at meanwhile. */
export async function* sealedParts(
  { reader }: Reading,
  threads: EntryThreads,
  size: number,
): AsyncGenerator<SealedPart> {
  const parts: Promise<SealedPart>[] = [];
  let [next, tiles] = [0, TILES];
  const begin = () => {
    const from = next;
    next = Math.min(size, from + tiles * TILE_WIDTH);
    const part = partOf(reader, threads, from, next - from);
    // Whoever waits for it is told.
    part.catch(() => undefined);
    parts.push(part);
  };
  while (next < size && parts.length < AHEAD) begin();
  for (let part = parts.shift(); part; part = parts.shift()) {
    const found = await part;
    tiles = found.checked.characters > MOST_CHARACTERS ? 1 : TILES;
    if (next < size) begin();
    yield found;
  }
}

async function partOf(reader: Sql, threads: EntryThreads, from: number, count: number): Promise<SealedPart> {
  const checked = await threads.check(from, count);
  const plain = checked.odd.flatMap(one => (one.is === 'plain' ? [one.n] : []));
  return { from, count, checked, rows: await rowsOf(reader, plain) };
}

/** What faults tell of the entries behind a place up to another. */
export function toldOf(reader: Sql, from: number, to: number): Promise<Row[]> {
  return reader.select('SELECT n, seq, id, at FROM journal WHERE seq > ? AND seq <= ? ORDER BY seq, n', [
    from,
    to,
  ]);
}

async function rowsOf(reader: Sql, numbers: readonly number[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const part of inParts(numbers, MOST_ROWS)) {
    const text = `SELECT ${ENTRY_COLUMNS} FROM journal WHERE n IN (${placeholders(part.length)}) ORDER BY seq`;
    rows.push(...(await reader.select(text, part)));
  }
  return rows;
}
