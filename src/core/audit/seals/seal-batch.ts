import type { TreeHead } from '../../../formats/trail/checkpoint.js';
import { leafHash } from '../../../formats/trail/merkle.js';
import { GrowingTree } from '../../../formats/trail/tiles.js';
import { inParts, placeholders, type Row, type Sql, type Transaction } from '../../database/sql.js';
import { entryLeaf, LEAF_COLUMNS } from './entry-leaf.js';
import type { SealKeys } from './seal-keys.js';
import { edgePaths, loadTiles, storedHead, storeTree } from './tree-store.js';
import { TrailError } from './trail-error.js';
import type { TrustedHead } from './trusted-head.js';

/** Rows that are read and hashed at once: what one turn of the event loop takes, however long its entries are. */
const PART = 100;
/** Ids in one statement; of a longer list MariaDB makes a table. */
const IDS = 500;
const COLUMNS = ['n', ...LEAF_COLUMNS].join(', ');

/** What a batch did: how many entries it sealed, and the checkpoint over everything that is sequenced now. */
export interface Sealed {
  count: number;
  head: TreeHead;
  note: string;
}

/** Another sequencer was there meanwhile; nothing of this batch stands. */
export class OvertakenError extends Error {}

/**
 * One batch of entries gets its places in the trail and its seal, inside of one transaction (vault, audit): the lock of
 * the head before any other read, the entries without seq in order of n, their seq, the tree and its checkpoint, and the
 * head. Undefined when no entry waits.
 *
 * @throws OvertakenError; TrailError where nothing may be signed on top of what is there
 */
export async function sealBatch(
  sql: Transaction,
  keys: SealKeys,
  trusted: TrustedHead,
  most: number,
): Promise<Sealed | undefined> {
  const head = await storedHead(sql, true);
  const waiting = await sql.select<{ n: number }>(
    `SELECT n FROM journal WHERE seq IS NULL ORDER BY n LIMIT ${most}`,
  );
  if (waiting.length === 0) return undefined;
  const tree = await treeAt(sql, head);
  await trusted.accept(sql, head);
  const numbers = waiting.map(one => Number(one.n));
  const leaves = await leavesOf(sql, numbers, head.size);
  if ((await sequence(sql, numbers, head.size)) !== numbers.length) throw new OvertakenError();
  const tiles = tree.append(Buffer.concat(leaves));
  const now = { size: tree.size, root: tree.root() };
  const note = await keys.sign(now);
  if (!(await storeTree(sql, head, tiles, note))) throw new OvertakenError();
  return { count: numbers.length, head: now, note };
}

async function treeAt(sql: Sql, { size, root }: TreeHead): Promise<GrowingTree> {
  const tile = await loadTiles(sql, edgePaths(size));
  const tree = new GrowingTree(size, tile);
  if (!tree.root().equals(root)) throw new TrailError('The head of the audit trail does not fit its tree');
  return tree;
}

async function leavesOf(sql: Sql, numbers: readonly number[], size: number): Promise<Buffer[]> {
  const leaves: Buffer[] = [];
  const ids: string[] = [];
  for (const part of inParts(numbers, PART)) {
    const rows = await sql.select<Row>(
      `SELECT ${COLUMNS} FROM journal WHERE n IN (${placeholders(part.length)}) ORDER BY n`,
      part,
    );
    if (rows.length !== part.length) throw new OvertakenError();
    for (const row of rows) {
      leaves.push(leafHash(entryLeaf(row, size + leaves.length + 1)));
      ids.push(String(row.id));
    }
  }
  await requireOnce(sql, ids);
  return leaves;
}

/** What was copied has a good MAC, which covers no place: as a new entry it would say that something was done again. */
async function requireOnce(sql: Sql, ids: readonly string[]): Promise<void> {
  for (const part of inParts(ids, IDS)) {
    const where = `FROM journal WHERE id IN (${placeholders(part.length)})`;
    const [found] = await sql.select<{ entries: number }>(`SELECT COUNT(*) AS entries ${where}`, part);
    if (new Set(part).size === part.length && Number(found?.entries) === part.length) continue;
    const rows = await sql.select<{ n: number; id: string }>(`SELECT n, id ${where} ORDER BY n`, part);
    const seen = new Set<string>();
    const copy = rows.find(({ id }) => seen.has(id) || !seen.add(id));
    throw new TrailError(
      copy
        ? `The audit trail holds the entry ${copy.id} again, as n ${copy.n}: somebody copied it`
        : 'The audit trail holds an entry that is not found by its id',
    );
  }
}

/** Gives entries that have none their places, by their numbers as a list in JSON. */
export const SEQUENCING = {
  // The plus, and the forced order, keep databases from looking at all entries without seq for each of the batch.
  sqlite:
    'UPDATE journal SET seq = ? + batch.key + 1 FROM json_each(?) AS batch ' +
    'WHERE journal.n = batch.value AND +journal.seq IS NULL',
  mariadb:
    "UPDATE JSON_TABLE(?, '$[*]' COLUMNS (place FOR ORDINALITY, n BIGINT PATH '$')) AS batch " +
    'STRAIGHT_JOIN journal FORCE INDEX (PRIMARY) ON journal.n = batch.n SET journal.seq = ? + batch.place WHERE journal.seq IS NULL',
};

/** Gives each entry its place behind the `size` that have one; how many were without one until now. */
function sequence(sql: Transaction, numbers: readonly number[], size: number): Promise<number> {
  const list = JSON.stringify(numbers);
  return sql.change(SEQUENCING[sql.dialect], sql.dialect === 'sqlite' ? [size, list] : [list, size]);
}
