import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { KeyCache } from '../src/core/crypto/key-cache.js';
import type { KeyRef } from '../src/formats/sealed-value.js';

describe('lending', () => {
  const refs = Array.from({ length: 20 }, (_, n): KeyRef => ({ id: `key-${n}`, version: 1 }));
  const loaded: Buffer[] = [];
  let loads: number;
  const loadNow = (): Buffer => {
    const bytes = Buffer.alloc(32, 7);
    loaded.push(bytes);
    return bytes;
  };
  const load = async (): Promise<Buffer> => {
    loads++;
    await turn();
    return loadNow();
  };
  const wiped = (bytes: Buffer) => bytes.every(byte => byte === 0);
  const intact = (bytes: Buffer) => bytes.every(byte => byte === 7);
  beforeEach(() => {
    loaded.length = loads = 0;
  });

  test('concurrent loads of one key share one', async () => {
    const cache = new KeyCache(load, { max: 5, ttl: 1_000 });
    await Promise.all(Array.from({ length: 50 }, () => cache.use(refs[0]!, () => 1)));
    expect(loads).toBe(1);
    cache.clear();
  });

  test('a failed load is not remembered', async () => {
    let fail = true;
    const cache = new KeyCache(() => (fail ? Promise.reject(new Error('away')) : load()), {
      max: 5,
      ttl: 1_000,
    });
    await expect(Promise.all([cache.use(refs[0]!, () => 1), cache.use(refs[0]!, () => 1)])).rejects.toThrow(
      'away',
    );
    fail = false;
    expect(await cache.use(refs[0]!, intact)).toBe(true);
    cache.clear();
  });

  test('eviction wipes, but never a key whose use is still to come', async () => {
    // All arrive in one tick, so that each evicts the one before it while that one's users still wait.
    const gate = turn();
    const cache = new KeyCache(() => gate.then(loadNow), { max: 1, ttl: 1_000 });
    const uses = Array.from({ length: 400 }, (_, n) => cache.use(refs[n % refs.length]!, intact));
    expect((await Promise.all(uses)).every(Boolean)).toBe(true);
    expect(loaded.filter(bytes => !wiped(bytes))).toHaveLength(1);
    cache.clear();
    expect(loaded.every(wiped)).toBe(true);
  });

  test('nothing is wiped under a running callback, and everything after it', async () => {
    const cache = new KeyCache(load, { max: 1, ttl: 1_000 });
    const seen = await cache.use(refs[0]!, key => {
      cache.clear();
      return intact(key);
    });
    expect(seen).toBe(true);
    expect(loaded.every(wiped)).toBe(true);
    await cache.use(refs[0]!, () => 1);
    expect(
      cache.useCached(
        refs[0]!,
        key => cache.useCached(refs[0]!, () => cache.clear()) === undefined && intact(key),
      ),
    ).toBe(true);
    expect(loaded.every(wiped)).toBe(true);
  });

  test('a key that was loading when all were cleared is wiped after its use', async () => {
    const cache = new KeyCache(load, { max: 5, ttl: 1_000 });
    const use = cache.use(refs[0]!, intact);
    cache.clear();
    expect(await use).toBe(true);
    expect(loaded.every(wiped)).toBe(true);
    expect(cache.useCached(refs[0]!, () => 1)).toBeUndefined();
  });

  test('time wipes too', async () => {
    const cache = new KeyCache(load, { max: 5, ttl: 20 });
    await cache.use(refs[0]!, () => 1);
    await sleep(100);
    expect(loaded.every(wiped)).toBe(true);
  });

  test('a callback that throws or returns a promise gives the key back', async () => {
    const cache = new KeyCache(load, { max: 5, ttl: 1_000 });
    await expect(cache.use(refs[0]!, () => turn())).rejects.toThrow('synchronous');
    await expect(cache.use(refs[0]!, () => Promise.reject(new Error('late')))).rejects.toThrow('synchronous');
    await expect(
      cache.use(refs[0]!, () => {
        throw new Error('mine');
      }),
    ).rejects.toThrow('mine');
    cache.clear();
    expect(loaded.every(wiped)).toBe(true);
  });
});
