import { hash } from 'node:crypto';

/** Bytes of a hash (SHA-256). */
export const HASH_BYTES = 32;
/** The root of a tree without leaves (RFC 6962, section 2.1). */
export const EMPTY_ROOT = hash('sha256', '', 'buffer');

/** The hash of the perfect subtree of 2^level leaves, the `index`-th of its size; undefined when it is not at hand. */
export type NodeReader = (level: number, index: number) => Buffer;

/** The hash of a leaf (RFC 6962, section 2.1): SHA-256 of 0x00 and its bytes. */
export function leafHash(leaf: Buffer | string): Buffer {
  const length = Buffer.byteLength(leaf);
  const bytes = Buffer.allocUnsafe(length + 1);
  bytes[0] = 0;
  if (typeof leaf === 'string') bytes.write(leaf, 1);
  else leaf.copy(bytes, 1);
  return hash('sha256', bytes, 'buffer');
}

const pair = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

/** The hash of a node (RFC 6962, section 2.1): SHA-256 of 0x01 and the hashes of its two sides. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  pair.set(left, 1);
  pair.set(right, 1 + HASH_BYTES);
  return hash('sha256', pair, 'buffer');
}

/** The same of two hashes that stand side by side in `from`, written into `to`: without a buffer for each of them. */
export function nodeHashInto(to: Buffer, at: number, from: Buffer, side: number): void {
  from.copy(pair, 1, side, side + 2 * HASH_BYTES);
  to.write(hash('sha256', pair, 'binary'), at, 'latin1');
}

/** The largest power of two below n, for n > 1. */
function split(n: number): number {
  let k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

function isPowerOfTwo(n: number): boolean {
  return 2 ** Math.round(Math.log2(n)) === n;
}

/** The hash of the leaves from `low` to before `high`; `low` is a multiple of the next power of two. */
function rangeHash(low: number, high: number, node: NodeReader): Buffer {
  const count = high - low;
  if (isPowerOfTwo(count)) return node(Math.round(Math.log2(count)), low / count);
  const middle = low + split(count);
  return nodeHash(rangeHash(low, middle, node), rangeHash(middle, high, node));
}

/** The root of a tree of `size` leaves. */
export function rootOf(size: number, node: NodeReader): Buffer {
  return size === 0 ? EMPTY_ROOT : rangeHash(0, size, node);
}

/** The audit path of RFC 6962, section 2.1.1: from the sibling of the leaf up to the child of the root. */
export function inclusionProof(index: number, size: number, node: NodeReader): Buffer[] {
  const path = (low: number, high: number): Buffer[] => {
    if (high - low === 1) return [];
    const middle = low + split(high - low);
    return index < middle
      ? [...path(low, middle), rangeHash(middle, high, node)]
      : [...path(middle, high), rangeHash(low, middle, node)];
  };
  return path(0, size);
}

/** The consistency proof of RFC 6962, section 2.1.2, between trees of `first` and `second` leaves, 0 < first ≤ second. */
export function consistencyProof(first: number, second: number, node: NodeReader): Buffer[] {
  const prove = (low: number, high: number, whole: boolean): Buffer[] => {
    if (first === high) return whole ? [] : [rangeHash(low, high, node)];
    const middle = low + split(high - low);
    return first <= middle
      ? [...prove(low, middle, whole), rangeHash(middle, high, node)]
      : [...prove(middle, high, false), rangeHash(low, middle, node)];
  };
  return prove(0, second, true);
}
