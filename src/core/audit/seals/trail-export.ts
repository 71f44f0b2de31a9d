import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { numberPath, TILE_WIDTH, type TilePlace, tilePath, tileWidth } from '../../../formats/trail/tiles.js';
import { HASH_BYTES } from '../../../formats/trail/merkle.js';
import { ConflictError } from '../../context/errors.js';
import { MainDatabase } from '../../database/main-database.js';
import type { Row } from '../../database/sql.js';
import { entryJson, entryLeaf, LEAF_COLUMNS } from './entry-leaf.js';
import { SealKeys } from './seal-keys.js';
import { Trail } from './trail.service.js';
import { loadTiles } from './tree-store.js';

const COLUMNS = ['seq', ...LEAF_COLUMNS].join(', ');

/**
 * The whole trail as files that independent programs verify: the layout of C2SP tlog-tiles (`checkpoint`, `tile/…`,
 * `tile/entries/…`), the keys to verify with (`verifier-keys`), and in `long/<seq>.json` entries of which the tree holds
 * the SHA-256 alone.
 */
@Injectable()
export class TrailExport {
  constructor(
    private readonly database: MainDatabase,
    private readonly keys: SealKeys,
    private readonly trail: Trail,
  ) {}

  /**
   * @param folder is made when it is not there
   * @returns how many entries it has now
   * @throws ConflictError when it holds something; the error of the file system
   */
  async write(folder: string, progress: (done: number, total: number) => void): Promise<number> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if ((await readdir(folder)).length > 0) throw new ConflictError(`${folder} is not empty`);
    const note = await this.trail.checkpoint();
    const { size } = await this.keys.open(note);
    for (let index = 0; index * TILE_WIDTH < size; index++) {
      await this.writeEntries(folder, index, size);
      progress(Math.min(size, (index + 1) * TILE_WIDTH), size);
    }
    for (let level = 0; tileWidth({ level, index: 0 }, size) > 0; level++)
      for (let index = 0; tileWidth({ level, index }, size) > 0; index++)
        await this.writeTile(folder, { level, index }, size);
    await written(folder, 'verifier-keys', `${(await this.keys.verifierKeys()).join('\n')}\n`);
    await written(folder, 'checkpoint', note);
    return size;
  }

  private async writeEntries(folder: string, index: number, size: number): Promise<void> {
    const from = index * TILE_WIDTH;
    const width = tileWidth({ level: 0, index }, size);
    const rows = await this.database.connections.reader.select<Row>(
      `SELECT ${COLUMNS} FROM journal WHERE seq > ? AND seq <= ? ORDER BY seq`,
      [from, from + width],
    );
    const parts: Buffer[] = [];
    for (const row of rows) {
      const seq = Number(row.seq);
      const leaf = Buffer.from(entryLeaf(row, seq));
      const length = Buffer.alloc(2);
      length.writeUInt16BE(leaf.length);
      parts.push(length, leaf);
      const json = entryJson(row, seq);
      if (json.length !== leaf.toString().length) await written(folder, `long/${seq}.json`, json);
    }
    await written(folder, `tile/entries/${numberPath(index)}${partial(width)}`, Buffer.concat(parts));
  }

  private async writeTile(folder: string, place: TilePlace, size: number): Promise<void> {
    const path = tilePath(place);
    const width = tileWidth(place, size);
    const tile = await loadTiles(this.database.connections.reader, [path]);
    await written(folder, `${path}${partial(width)}`, tile(path).subarray(0, width * HASH_BYTES));
  }
}

/** How the path of a tile ends that has less than 256 hashes. */
function partial(width: number): string {
  return width < TILE_WIDTH ? `.p/${width}` : '';
}

async function written(folder: string, name: string, content: string | Buffer): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, content, { mode: 0o600, flag: 'wx' });
}
