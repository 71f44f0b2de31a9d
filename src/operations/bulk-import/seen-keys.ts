import { createHash } from 'node:crypto';

const BEGIN = 1 << 12;

/**
 * Which keys the rows of a file have had so far, and in which row: 12 bytes for each, in an open table that is at most
 * half full. Keys are compared by 64 bits of their SHA-256: among a million, two that differ are taken for one in one
 * of 37 million files.
 */
export class SeenKeys {
  private keys = new BigUint64Array(BEGIN);
  private rows = new Uint32Array(BEGIN);
  private count = 0;

  /** The row that has had the key before; undefined, and noted, where none has. */
  note(key: string, row: number): number | undefined {
    if (2 * this.count >= this.keys.length) this.grow();
    // 0 stands for an empty place.
    const hash = createHash('sha256').update(key).digest().readBigUInt64LE() || 1n;
    const at = this.placeOf(hash);
    if (this.keys[at] === hash) return this.rows[at];
    this.keys[at] = hash;
    this.rows[at] = row;
    this.count++;
    return undefined;
  }

  private placeOf(hash: bigint): number {
    const mask = this.keys.length - 1;
    let at = Number(hash & BigInt(mask));
    while (this.keys[at] !== 0n && this.keys[at] !== hash) at = (at + 1) & mask;
    return at;
  }

  private grow(): void {
    const { keys, rows } = this;
    this.keys = new BigUint64Array(2 * keys.length);
    this.rows = new Uint32Array(2 * rows.length);
    for (const [at, hash] of keys.entries()) {
      if (hash === 0n) continue;
      const place = this.placeOf(hash);
      this.keys[place] = hash;
      this.rows[place] = rows[at] ?? 0;
    }
  }
}
