import type { TreeHead } from '../../../formats/trail/checkpoint.js';
import { HASH_BYTES } from '../../../formats/trail/merkle.js';
import { GrowingTree, tilePath, TILE_WIDTH } from '../../../formats/trail/tiles.js';
import type { Sql } from '../../database/sql.js';
import type { Opener } from '../seals/seal-keys.js';
import { openedBy } from '../seals/trusted-head.js';
import { type Findings, trailFault } from './verification.js';

/** A head that the trail has to go through, and what it is called where it does not. */
export interface Anchor extends TreeHead {
  called: string;
}

/**
 * The tree over the trail, computed anew from its entries, and compared with the tiles and the checkpoints that are
 * stored, and with heads that are known from elsewhere.
 */
export class SealedTree {
  private readonly tree = new GrowingTree(0, () => Buffer.alloc(0));
  private readonly failed = new Set<string>();
  /** Up to here a signed checkpoint agrees. */
  proved = 0;

  constructor(
    private readonly sql: Sql,
    private readonly seals: Opener,
    private readonly findings: Findings,
    private readonly anchors: readonly Anchor[],
  ) {}

  get size(): number {
    return this.tree.size;
  }

  /** The tiles of leaves for `count` entries behind `from`, by their index, as they were stored when these were sealed. */
  storedTiles(from: number, count: number): Promise<Map<number, Buffer>> {
    return this.tiles(0, Math.floor(from / TILE_WIDTH), Math.floor((from + count - 1) / TILE_WIDTH));
  }

  /**
   * Adds the hashes of the next entries, one after another; what is found is told.
   *
   * @param roots of whole tiles of them, where they are known
   */
  async append(leaves: Buffer, roots: ReadonlyMap<number, Buffer>): Promise<void> {
    const from = this.size;
    const to = from + leaves.length / HASH_BYTES;
    const stops = await this.stopsWithin(from, to);
    for (const stop of [...stops, { size: to, root: undefined, called: '' }]) {
      const part = leaves.subarray((this.size - from) * HASH_BYTES, (stop.size - from) * HASH_BYTES);
      for (const tile of this.tree.append(part, roots))
        if (tile.level > 0 && tile.hashes.length === TILE_WIDTH * HASH_BYTES)
          await this.compare(tile.level, tile.index, tile.hashes);
      if (stop.root) this.pass(stop.root, stop.called);
    }
  }

  private pass(root: Buffer, called: string): void {
    if (this.tree.root().equals(root)) {
      this.proved = this.size;
      return;
    }
    // Everything after it fails, too.
    if (this.failed.has('history')) return;
    this.failed.add('history');
    const says = `${called} says otherwise: something in entries ${this.proved + 1} to ${this.size} is not what was sealed`;
    this.findings.fault(trailFault('history', this.proved + 1, says));
  }

  private async compare(level: number, index: number, hashes: Buffer): Promise<void> {
    const stored = (await this.tiles(level, index, index)).get(index);
    if (stored?.equals(hashes)) return;
    const says = `The ${tilePath({ level, index })} of the tree is not that of the entries`;
    this.findings.fault(trailFault('tree', index * TILE_WIDTH ** (level + 1) + 1, says));
  }

  private async tiles(level: number, first: number, last: number): Promise<Map<number, Buffer>> {
    const indexes = Array.from({ length: last - first + 1 }, (_, n) => first + n);
    const paths = indexes.map(index => tilePath({ level, index }));
    const rows = await this.sql.select<{ path: string; hashes: string }>(
      `SELECT path, hashes FROM audit_tiles WHERE path IN (${paths.map(() => '?').join(', ')})`,
      paths,
    );
    const found = new Map(rows.map(one => [one.path, Buffer.from(one.hashes, 'base64')]));
    return new Map(
      indexes.flatMap((index, n) => (found.has(paths[n]!) ? [[index, found.get(paths[n]!)!]] : [])),
    );
  }

  /** Checkpoints and anchors by their size. */
  private async stopsWithin(from: number, to: number): Promise<Anchor[]> {
    const rows = await this.sql.select<{ size: number; note: string }>(
      'SELECT size, note FROM audit_checkpoints WHERE size > ? AND size <= ? ORDER BY size',
      [from, to],
    );
    const stops = this.anchors.filter(one => one.size > from && one.size <= to);
    for (const { size, note } of rows) {
      const called = `The checkpoint of ${Number(size)} entries`;
      const head = await openedBy(this.seals, note);
      if (head?.size === Number(size)) stops.push({ ...head, called });
      else
        this.findings.fault(
          trailFault('checkpoint', Number(size), `${called} was not signed by this installation`),
        );
    }
    return stops.sort((a, b) => a.size - b.size);
  }
}
