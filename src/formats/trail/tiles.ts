import { EMPTY_ROOT, HASH_BYTES, nodeHash, nodeHashInto, type NodeReader } from './merkle.js';

/** Hashes of a whole tile (C2SP tlog-tiles): a subtree of this many hashes of the level below. */
export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;
const TILE_BYTES = TILE_WIDTH * HASH_BYTES;

/** Which tile: at level 0 it holds hashes of leaves, above the roots of whole tiles of the level below. */
export interface TilePlace {
  level: number;
  index: number;
}

/** The path of a tile below the prefix of its log (C2SP tlog-tiles), without the width of a partial one: `tile/0/x001/234`. */
export function tilePath({ level, index }: TilePlace): string {
  return `tile/${level}/${numberPath(index)}`;
}

/** A number as tlog-tiles writes it into paths: three digits each, all but the last behind an `x`. */
export function numberPath(index: number): string {
  const digits = String(index);
  const groups = digits.padStart(3 * Math.ceil(digits.length / 3), '0').match(/\d{3}/g) ?? [];
  return groups.map((group, place) => (place < groups.length - 1 ? `x${group}` : group)).join('/');
}

/** How many hashes the tile has in a tree of `size` leaves: 0 when it is not there, 256 when it is whole. */
export function tileWidth({ level, index }: TilePlace, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/** The tiles of a tree that a later leaf changes: from level 0 up, those that are not whole and not empty. */
export function edgeTiles(size: number): TilePlace[] {
  const edge: TilePlace[] = [];
  for (let level = 0, hashes = size; hashes > 0; level++, hashes = Math.floor(hashes / TILE_WIDTH))
    if (hashes % TILE_WIDTH > 0) edge.push({ level, index: Math.floor(hashes / TILE_WIDTH) });
  return edge;
}

/** The hash over 2^n hashes that stand one after another. */
function subtreeHash(hashes: Buffer): Buffer {
  let level = hashes;
  while (level.length > HASH_BYTES) {
    const next = Buffer.allocUnsafe(level.length / 2);
    for (let at = 0; at < next.length; at += HASH_BYTES) nodeHashInto(next, at, level, 2 * at);
    level = next;
  }
  return level;
}

function placeOfNode(level: number, index: number): { tile: TilePlace; from: number; count: number } {
  const count = 2 ** (level % TILE_HEIGHT);
  const first = index * count;
  return {
    tile: { level: Math.floor(level / TILE_HEIGHT), index: Math.floor(first / TILE_WIDTH) },
    from: first % TILE_WIDTH,
    count,
  };
}

/**
 * Reads nodes out of tiles.
 *
 * @param tile by its path; throw where it is not there
 * @throws RangeError when a tile is too short
 */
export function nodesOf(tile: (path: string) => Buffer): NodeReader {
  return (level, index) => {
    const place = placeOfNode(level, index);
    const path = tilePath(place.tile);
    const hashes = tile(path).subarray(place.from * HASH_BYTES, (place.from + place.count) * HASH_BYTES);
    if (hashes.length < place.count * HASH_BYTES) throw new RangeError(`${path} is too short`);
    return subtreeHash(hashes);
  };
}

/** The paths of the tiles that a computation over nodes reads. */
export function tilesFor(compute: (node: NodeReader) => unknown): string[] {
  const paths = new Set<string>();
  const nothing = Buffer.alloc(HASH_BYTES);
  compute((level, index) => {
    paths.add(tilePath(placeOfNode(level, index).tile));
    return nothing;
  });
  return [...paths];
}

/** A tile as it has to be stored now. */
export interface ChangedTile extends TilePlace {
  hashes: Buffer;
  /** Whether it was there before, with fewer hashes. */
  existed: boolean;
}

/** A tree that grows; of all tiles it holds those alone that are not whole. */
export class GrowingTree {
  private readonly edge: Buffer[] = [];
  private readonly widths: number[] = [];
  private counted: number;

  /** @param tile the tiles of `edgeTiles(size)`, by their path; throw where one is not there */
  constructor(size: number, tile: (path: string) => Buffer) {
    this.counted = size;
    for (const place of edgeTiles(size)) {
      const width = tileWidth(place, size);
      const hashes = tile(tilePath(place));
      if (hashes.length < width * HASH_BYTES) throw new RangeError(`${tilePath(place)} is too short`);
      const room = Buffer.alloc(TILE_BYTES);
      hashes.copy(room, 0, 0, width * HASH_BYTES);
      this.edge[place.level] = room;
      this.widths[place.level] = width;
    }
  }

  /** Leaves. */
  get size(): number {
    return this.counted;
  }

  /**
   * Adds leaves by their hashes, one after another; gives the tiles that are new or changed.
   *
   * @param roots of whole tiles of leaves by their index, where they are known already
   */
  append(leaves: Uint8Array, roots?: ReadonlyMap<number, Buffer>): ChangedTile[] {
    const changed = new Map<string, ChangedTile>();
    for (let at = 0; at < leaves.length;) {
      const tile = Math.floor(this.counted / TILE_WIDTH);
      const room = (TILE_WIDTH - (this.counted % TILE_WIDTH)) * HASH_BYTES;
      const part = leaves.subarray(at, at + room);
      at += part.length;
      this.counted += part.length / HASH_BYTES;
      this.add({ level: 0, index: tile }, part, changed, roots?.get(tile));
    }
    return [...changed.values()];
  }

  /** The root as it is now. */
  root(): Buffer {
    let root: Buffer | undefined;
    // From the right: what a level holds beyond whole tiles stands before all of the levels below.
    for (let level = 0; level < this.edge.length; level++) {
      const hashes = this.edge[level];
      for (let width = this.widths[level] ?? 0, bit = 1; hashes && width > 0; bit *= 2) {
        if (width % (2 * bit) === 0) continue;
        width -= bit;
        const part = subtreeHash(hashes.subarray(width * HASH_BYTES, (width + bit) * HASH_BYTES));
        root = root ? nodeHash(part, root) : part;
      }
    }
    return root ?? EMPTY_ROOT;
  }

  /** Adds hashes that fit into the tile. */
  private add(place: TilePlace, hashes: Uint8Array, changed: Map<string, ChangedTile>, root?: Buffer): void {
    const { level, index } = place;
    const tile = (this.edge[level] ??= Buffer.alloc(TILE_BYTES));
    const before = this.widths[level] ?? 0;
    const width = before + hashes.length / HASH_BYTES;
    tile.set(hashes, before * HASH_BYTES);
    const path = tilePath(place);
    const now = tile.subarray(0, width * HASH_BYTES);
    const known = changed.get(path);
    if (known) known.hashes = now;
    else changed.set(path, { ...place, hashes: now, existed: before > 0 });
    this.widths[level] = width;
    if (width < TILE_WIDTH) return;
    // The next hash of this level begins a tile of its own.
    this.edge[level] = Buffer.alloc(TILE_BYTES);
    this.widths[level] = 0;
    const above = { level: level + 1, index: Math.floor(index / TILE_WIDTH) };
    this.add(above, root ?? subtreeHash(tile), changed);
  }
}
