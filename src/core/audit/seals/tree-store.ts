import { readHead, type TreeHead } from '../../../formats/trail/checkpoint.js';
import { type NodeReader, rootOf } from '../../../formats/trail/merkle.js';
import {
  type ChangedTile,
  edgeTiles,
  nodesOf,
  tilePath,
  tilesFor,
  TILE_WIDTH,
} from '../../../formats/trail/tiles.js';
import { forUpdate } from '../../database/locks.js';
import { inParts, placeholders, type Sql, type Transaction } from '../../database/sql.js';
import { encodeMoment, now } from '../../database/values.js';
import { TRAIL } from './audit-head.entity.js';
import { TrailError } from './trail-error.js';

/** The head as the database has it; it proves nothing by itself. */
export async function storedHead(sql: Sql, lock = false): Promise<TreeHead> {
  const text = `SELECT size, root FROM audit_head WHERE name = ?${lock ? forUpdate(sql.dialect) : ''}`;
  const [row] = await sql.select<{ size: number; root: string }>(text, [TRAIL]);
  if (!row) throw new TrailError('The head of the audit trail is missing from the database');
  return { size: Number(row.size), root: Buffer.from(row.root, 'base64') };
}

/** The note of the newest checkpoint that is not newer than `size`. */
export async function storedCheckpoint(sql: Sql, size: number): Promise<string | undefined> {
  const [row] = await sql.select<{ note: string }>(
    'SELECT note FROM audit_checkpoints WHERE size <= ? ORDER BY size DESC LIMIT 1',
    [size],
  );
  return row?.note;
}

/** Reads tiles by their paths; asking for one that is not there throws TrailError. */
export async function loadTiles(sql: Sql, paths: readonly string[]): Promise<(path: string) => Buffer> {
  const tiles = new Map<string, Buffer>();
  for (const part of inParts(paths, 100)) {
    const rows = await sql.select<{ path: string; hashes: string }>(
      `SELECT path, hashes FROM audit_tiles WHERE path IN (${placeholders(part.length)})`,
      part,
    );
    for (const { path, hashes } of rows) tiles.set(path, Buffer.from(hashes, 'base64'));
  }
  return path => {
    const tile = tiles.get(path);
    if (!tile) throw new TrailError(`The ${path} of the audit trail is missing from the database`);
    return tile;
  };
}

/** Works something out over the nodes of the stored tree. @throws TrailError when a tile is missing or short */
export async function overNodes<T>(sql: Sql, compute: (node: NodeReader) => T): Promise<T> {
  const node = nodesOf(await loadTiles(sql, tilesFor(compute)));
  try {
    return compute(node);
  } catch (error) {
    if (error instanceof RangeError) throw new TrailError(`Of the audit trail ${error.message}`);
    throw error;
  }
}

/** Whether the stored tree begins as one did of which the head is known. @throws TrailError when a tile is missing */
export async function begins(sql: Sql, known: TreeHead): Promise<boolean> {
  return (await overNodes(sql, node => rootOf(known.size, node))).equals(known.root);
}

/** The tiles that a later entry changes. */
export function edgePaths(size: number): string[] {
  return edgeTiles(size).map(tilePath);
}

/** Stores the tiles, the checkpoint and the head; false when the head was another one than `before`. */
export async function storeTree(
  sql: Transaction,
  before: TreeHead,
  tiles: readonly ChangedTile[],
  note: string,
): Promise<boolean> {
  const { size, root } = readHead(note);
  for (const tile of tiles) {
    const [hashes, path] = [tile.hashes.toString('base64'), tilePath(tile)];
    const text = tile.existed
      ? 'UPDATE audit_tiles SET hashes = ? WHERE path = ?'
      : 'INSERT INTO audit_tiles (hashes, path) VALUES (?, ?)';
    if ((await sql.change(text, [hashes, path])) !== 1) return false;
  }
  const from = Math.floor((size - 1) / TILE_WIDTH) * TILE_WIDTH;
  await sql.change('DELETE FROM audit_checkpoints WHERE size > ? AND size < ?', [from, size]);
  await sql.change('INSERT INTO audit_checkpoints (size, at, note) VALUES (?, ?, ?)', [
    size,
    encodeMoment(now()),
    note,
  ]);
  const moved = await sql.change('UPDATE audit_head SET size = ?, root = ? WHERE name = ? AND size = ?', [
    size,
    root.toString('base64'),
    TRAIL,
    before.size,
  ]);
  return moved === 1;
}
