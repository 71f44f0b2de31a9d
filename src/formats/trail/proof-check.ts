import { HASH_BYTES, nodeHash } from './merkle.js';

const isOdd = (n: number) => n % 2 === 1;
const half = (n: number) => Math.floor(n / 2);
const areHashes = (proof: readonly Buffer[]) => proof.every(one => one.length === HASH_BYTES);

/** Whether the leaf is the `index`-th (from 0) of the tree of `size` leaves with this root (RFC 9162, section 2.1.3.2). */
export function provesInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  proof: readonly Buffer[],
  root: Buffer,
): boolean {
  if (!(index >= 0 && index < size) || !areHashes(proof)) return false;
  let [fn, sn] = [index, size - 1];
  let found = leaf;
  for (const one of proof) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      found = nodeHash(one, found);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else found = nodeHash(found, one);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && found.equals(root);
}

/** Whether the second tree begins with all leaves of the first (RFC 9162, section 2.1.4.2). */
export function provesConsistency(
  first: number,
  firstRoot: Buffer,
  second: number,
  secondRoot: Buffer,
  proof: readonly Buffer[],
): boolean {
  if (!(first >= 0 && first <= second) || !areHashes(proof)) return false;
  if (first === second) return proof.length === 0 && firstRoot.equals(secondRoot);
  // Every tree begins with the empty one.
  if (first === 0) return proof.length === 0;
  let [fn, sn] = [first - 1, second - 1];
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)];
  // Where the first is a perfect tree, its root is the beginning, and no part of the proof.
  const path = fn === 0 ? [firstRoot, ...proof] : [...proof];
  const [begin, ...rest] = path;
  if (begin === undefined) return false;
  let [fr, sr] = [begin, begin];
  for (const one of rest) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      [fr, sr] = [nodeHash(one, fr), nodeHash(one, sr)];
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else sr = nodeHash(sr, one);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && fr.equals(firstRoot) && sr.equals(secondRoot);
}
