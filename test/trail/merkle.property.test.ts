import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  consistencyProof,
  EMPTY_ROOT,
  inclusionProof,
  leafHash,
  type NodeReader,
  rootOf,
} from '../../src/formats/trail/merkle.js';
import { provesConsistency, provesInclusion } from '../../src/formats/trail/proof-check.js';
import {
  edgeTiles,
  GrowingTree,
  nodesOf,
  numberPath,
  tilePath,
  tilesFor,
  tileWidth,
} from '../../src/formats/trail/tiles.js';

const sha = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
/** MTH of RFC 6962, section 2.1, word by word. */
function naive(leaves: Buffer[]): Buffer {
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return leaves[0]!;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha(Buffer.from([1]), naive(leaves.slice(0, k)), naive(leaves.slice(k)));
}

/** Leaves of the vectors of Certificate Transparency, and the roots of the first 1 to 8 of them. */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]; // prettier-ignore

const leavesOf = (count: number) => Array.from({ length: count }, (_, n) => leafHash(`leaf ${n}`));
/** As a database keeps them: by path, the newest width of each. */
function stored(sizes: number[]): { tiles: Map<string, Buffer>; leaves: Buffer[]; root: Buffer } {
  const leaves = leavesOf(sizes.reduce((sum, one) => sum + one, 0));
  const tiles = new Map<string, Buffer>();
  let root: Buffer = EMPTY_ROOT;
  let done = 0;
  for (const size of sizes) {
    // From the tiles anew each time, as another process would.
    const tree = new GrowingTree(done, path => tiles.get(path)!);
    for (const one of tree.append(Buffer.concat(leaves.slice(done, done + size)))) {
      expect(tiles.has(tilePath(one))).toBe(one.existed);
      tiles.set(tilePath(one), Buffer.from(one.hashes));
    }
    done += size;
    root = tree.root();
  }
  return { tiles, leaves, root };
}
const reader = (tiles: Map<string, Buffer>): NodeReader => nodesOf(path => tiles.get(path) ?? fail(path));
const fail = (path: string): never => {
  throw new Error(`${path} is not there`);
};

test('roots are those of the vectors of RFC 6962', () => {
  const leaves = LEAVES.map(hex => leafHash(Buffer.from(hex, 'hex')));
  const roots = ROOTS.map((_, n) => {
    const tree = new GrowingTree(0, fail);
    tree.append(Buffer.concat(leaves.slice(0, n + 1)));
    return tree.root().toString('hex');
  });
  expect(roots).toEqual(ROOTS);
  expect(new GrowingTree(0, fail).root()).toEqual(sha());
});

test('a tree that grows by batches has the root, the tiles and the proofs of the naive one', () => {
  const batches = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 200, max: 600 })), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(batches, fc.nat(), fc.nat(), (sizes, one, other) => {
      const { tiles, leaves, root } = stored(sizes);
      const size = leaves.length;
      const node = reader(tiles);
      expect(root).toEqual(naive(leaves));
      expect(rootOf(size, node)).toEqual(root);
      const index = one % size;
      const path = inclusionProof(index, size, node);
      expect(provesInclusion(leaves[index]!, index, size, path, root)).toBe(true);
      const first = 1 + (other % size);
      const begin = naive(leaves.slice(0, first));
      const proof = consistencyProof(first, size, node);
      expect(provesConsistency(first, begin, size, root, proof)).toBe(true);
      expect(rootOf(first, node)).toEqual(begin);
      // Of another leaf, another place, another size, another root, or altered, they prove nothing.
      const bad = Buffer.from(root.map((byte, at) => (at === 5 ? byte ^ 1 : byte)));
      expect(provesInclusion(bad, index, size, path, root)).toBe(false);
      expect(provesInclusion(leaves[index]!, index, size, path, bad)).toBe(false);
      expect(provesInclusion(leaves[index]!, index + 1, size, path, root)).toBe(false);
      expect(provesInclusion(leaves[index]!, index, size, [...path, root], root)).toBe(false);
      if (path.length > 0)
        expect(provesInclusion(leaves[index]!, index, size, path.slice(1), root)).toBe(false);
      expect(provesConsistency(first, bad, size, root, proof)).toBe(false);
      expect(provesConsistency(first, begin, size, bad, proof)).toBe(false);
      expect(provesConsistency(first, begin, size, root, [...proof, root])).toBe(false);
      if (proof.length > 0) {
        expect(provesConsistency(first, begin, size, root, proof.slice(1))).toBe(false);
        expect(provesConsistency(first, begin, size, root, [...proof.slice(0, -1), bad])).toBe(false);
      }
    }),
    { numRuns: 60 },
  );
});

test('what is asked for is planned: proofs of a tree of 70,000 leaves read a few tiles', () => {
  const { tiles, leaves, root } = stored([70_000]);
  expect(tiles.size).toBe(273 + 1 + 1 + 1 + 1);
  expect(tileWidth({ level: 0, index: 273 }, 70_000)).toBe(112);
  expect(tileWidth({ level: 1, index: 1 }, 70_000)).toBe(17);
  expect(tileWidth({ level: 2, index: 0 }, 70_000)).toBe(1);
  expect(edgeTiles(70_000)).toEqual([
    { level: 0, index: 273 },
    { level: 1, index: 1 },
    { level: 2, index: 0 },
  ]);
  expect(edgeTiles(65_536)).toEqual([{ level: 2, index: 0 }]);
  for (const index of [0, 255, 256, 65_535, 65_536, 69_999]) {
    const prove = (node: NodeReader) => inclusionProof(index, 70_000, node);
    const paths = tilesFor(prove);
    expect(paths.length).toBeLessThanOrEqual(6);
    const path = prove(nodesOf(one => (paths.includes(one) ? tiles.get(one)! : fail(one))));
    expect(provesInclusion(leaves[index]!, index, 70_000, path, root)).toBe(true);
  }
  expect(() => nodesOf(path => tiles.get(path)!.subarray(32))(0, 69_999)).toThrow('tile/0/273 is too short');
});

test('paths are those of tlog-tiles', () => {
  expect([0, 1, 999, 1000, 1_234_067].map(numberPath)).toEqual([
    '000',
    '001',
    '999',
    'x001/000',
    'x001/x234/067',
  ]);
  expect(tilePath({ level: 2, index: 1234 })).toBe('tile/2/x001/234');
});
