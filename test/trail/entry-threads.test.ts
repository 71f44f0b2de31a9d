import fc from 'fast-check';
import { journalMac } from '../../src/core/audit/journal-mac.js';
import { entryLeaf } from '../../src/core/audit/seals/entry-leaf.js';
import { Sequencer } from '../../src/core/audit/seals/sequencer.js';
import { macFaults, TimeCheck } from '../../src/core/audit/verification/entry-checks.js';
import type { CheckedEntries } from '../../src/core/audit/verification/entry-lines.js';
import { EntryThreads } from '../../src/core/audit/verification/entry-threads.js';
import { KeyRing } from '../../src/core/crypto/key-ring.js';
import { newId } from '../../src/core/database/new-id.js';
import { placeholders, type Row, type SqlValue } from '../../src/core/database/sql.js';
import { HASH_BYTES, leafHash } from '../../src/formats/trail/merkle.js';
import { GrowingTree, TILE_WIDTH } from '../../src/formats/trail/tiles.js';
import { startApp, type TestApp } from '../app.js';

jest.setTimeout(120_000);

const COUNT = 2 * TILE_WIDTH + 40;
const SEPARATOR = '\u001f';
let t: TestApp;
let rows: Row[];
let checked: CheckedEntries;

/** Whatever a column may hold: of other scripts, what JSON escapes, what looks like a line, nothing. */
const text = fc.oneof(
  fc.constantFrom('', '+', '"', '\\', '\n', '\u0000', '\u001e', SEPARATOR, `a${SEPARATOR}+b`, 'ä', '€', '𝄞', '\u007f', '\u0080'),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary-ascii', maxLength: 30 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 30 }),
); // prettier-ignore
const optional = fc.option(text, { freq: 4 });
const entry = fc.record({
  actor_type: fc.constantFrom('user', 'system'),
  actor_id: optional,
  actor_name: optional,
  action: text,
  resource_type: optional,
  resource_id: optional,
  name: optional,
  outcome: fc.constantFrom('ok', 'refused'),
  ip: optional,
  user_agent: optional,
  request_id: optional,
  details: fc.oneof(optional, fc.json(), fc.integer({ min: 9_000, max: 70_000 }).map(n => `"${'€'.repeat(n)}"`)),
  changes: fc.oneof(optional, fc.json()),
  mac_key_version: fc.constantFrom(1, 1, 1, 99),
  client_request_id: optional,
  isEdited: fc.boolean(),
}); // prettier-ignore

async function insert(entries: Row[]): Promise<void> {
  const names = Object.keys(entries[0]!);
  const line = `INSERT INTO journal (${names.join(', ')}) VALUES (${placeholders(names.length)})`;
  const transaction = await t.opened.database.connections.begin();
  for (const one of entries)
    await transaction.change(
      line,
      names.map(name => one[name] as SqlValue),
    );
  await transaction.commit();
}

beforeAll(async () => {
  t = await startApp();
  await t.app.get(Sequencer).onApplicationShutdown();
  const keys = t.app.get(KeyRing);
  const begin = Date.UTC(2026, 0, 1);
  const made = fc.sample(entry, COUNT).map(({ isEdited, ...values }, n) => {
    const at = new Date(begin + n * 60_000).toISOString().slice(0, 23).replace('T', ' ');
    return { id: newId(), at, ...values, isEdited } as Row;
  });
  const entries = await keys.useSystem('audit-mac', undefined, key =>
    made.map(({ isEdited, ...row }): Row => ({ ...row, mac: journalMac(key, isEdited ? { ...row, ip: '::2' } : row) })),
  ); // prettier-ignore
  await insert(entries);
  for (let batch = 0; batch < 2; batch++) await t.app.get(Sequencer).sealNow();
  const { connections } = t.opened.database;
  rows = await connections.reader.select('SELECT * FROM journal WHERE seq IS NOT NULL ORDER BY seq');
  checked = await EntryThreads.during(connections, keys, rows.length, threads =>
    threads.check(0, rows.length),
  );
});
afterAll(() => t.close());

const leafAt = (n: number) =>
  Buffer.from(checked.leaves.subarray(n * HASH_BYTES, (n + 1) * HASH_BYTES)).toString('hex');
const isPlain = (row: Row) => checked.odd.some(one => one.is === 'plain' && one.seq === Number(row.seq));

test('leaves are those of the plain form, whatever the entries hold', () => {
  expect(rows.length).toBeGreaterThanOrEqual(COUNT);
  const others = rows.filter(row => !isPlain(row) && leafAt(Number(row.seq) - 1) !== leafHash(entryLeaf(row, Number(row.seq))).toString('hex')); // prettier-ignore
  expect(others).toEqual([]);
});

test('what is left to the plain form holds a separator, or is long', () => {
  const values = (row: Row) => Object.values(row).filter(one => typeof one === 'string');
  const ordinary = rows.filter(row => !values(row).some(one => one.includes(SEPARATOR) || one.length > 8_000)); // prettier-ignore
  expect(ordinary.filter(isPlain)).toEqual([]);
  expect(ordinary.length).toBeGreaterThan(COUNT / 4);
  // And the other way round: none of them was taken apart wrongly.
  expect(rows.filter(row => values(row).some(one => one.includes(SEPARATOR)) && !isPlain(row))).toEqual([]);
});

test('MACs are judged as in the plain form', async () => {
  const faults = await macFaults(
    t.app.get(KeyRing),
    rows.filter(row => !isPlain(row)),
  );
  const found = checked.odd
    .filter(one => one.is !== 'plain')
    .map(({ n, is, id, at }) => ({ n, kind: is, id, at }));
  const byNumber = (a: { n: number | null }, b: { n: number | null }) => Number(a.n) - Number(b.n);
  expect(found.sort(byNumber)).toEqual(faults.map(({ n, kind, id, at }) => ({ n, kind, id, at })).sort(byNumber)); // prettier-ignore
  expect(new Set(found.map(one => one.kind))).toEqual(new Set(['mac', 'key']));
});

test('roots of whole tiles are those of their leaves', () => {
  const whole = Math.floor(rows.length / TILE_WIDTH);
  expect(checked.roots.length).toBe(whole * HASH_BYTES);
  for (let tile = 0; tile < whole; tile++) {
    const from = tile * TILE_WIDTH * HASH_BYTES;
    const tree = new GrowingTree(0, () => Buffer.alloc(0));
    tree.append(checked.leaves.subarray(from, from + TILE_WIDTH * HASH_BYTES));
    const root = Buffer.from(checked.roots.subarray(tile * HASH_BYTES, (tile + 1) * HASH_BYTES));
    expect(root).toEqual(tree.root());
  }
});

test('times that rise pass at once, and fall where single ones do', () => {
  const start = Date.UTC(2026, 5, 1);
  const stored = (minutes: number) => new Date(start + minutes * 60_000).toISOString().slice(0, 23).replace('T', ' '); // prettier-ignore
  const summary = (minutes: number[]) => {
    const times = minutes.map(stored);
    const tops = minutes.map((_, n) => Math.max(...minutes.slice(0, n + 1)));
    const falls = minutes.some((one, n) => tops[n]! - one > 5);
    return { earliest: [...times].sort()[0]!, latest: [...times].sort().at(-1)!, falls };
  };
  fc.assert(
    fc.property(fc.array(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1 })), parts => {
      const [whole, single] = [new TimeCheck(start + 20 * 60_000), new TimeCheck(start + 20 * 60_000)];
      for (const part of parts) {
        const faults = part.map(one => single.look({ n: 1, id: 'x', at: stored(one) })?.kind);
        const passes = whole.passes(summary(part));
        const looked = passes ? [] : part.map(one => whole.look({ n: 1, id: 'x', at: stored(one) })?.kind);
        expect(passes ? faults.filter(Boolean) : faults).toEqual(passes ? [] : looked);
      }
    }),
  );
});
