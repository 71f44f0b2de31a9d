import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JournalEntry } from '../../src/core/audit/journal-entry.entity.js';
import { type JournalReport, JournalVerifier } from '../../src/core/audit/journal-verifier.js';
import { Discontinuity } from '../../src/core/audit/seals/discontinuity.js';
import { entryLeaf } from '../../src/core/audit/seals/entry-leaf.js';
import { Sequencer } from '../../src/core/audit/seals/sequencer.js';
import { journalMac } from '../../src/core/audit/journal-mac.js';
import { KeyRing } from '../../src/core/crypto/key-ring.js';
import type { Row } from '../../src/core/database/sql.js';
import { storedOf } from '../../src/core/table/stored.js';
import { leafHash } from '../../src/formats/trail/merkle.js';
import { GrowingTree, tilePath } from '../../src/formats/trail/tiles.js';
import { newId } from '../../src/core/database/new-id.js';
import { startApp, type TestApp } from '../app.js';

jest.setTimeout(120_000);

/** Everything of the trail that is in the database, and so in the hands of whoever has that. */
const TABLES = ['journal', 'audit_head', 'audit_tiles', 'audit_checkpoints'];
const COLUMNS = storedOf(JournalEntry)
  .fields.map(one => one.name)
  .filter(name => name !== 'n');

let t: TestApp;
let headFile: string;
const seal = () => t.app.get(Sequencer).sealNow();
const size = async () => Number((await t.sql('SELECT size FROM audit_head'))[0]?.size);
const note = async () =>
  String((await t.sql('SELECT note FROM audit_checkpoints ORDER BY size DESC LIMIT 1'))[0]?.note);

async function keep(as = 'kept'): Promise<void> {
  for (const table of TABLES) await t.change(`CREATE TABLE ${as}_${table} AS SELECT * FROM ${table}`);
}
async function bringBack(as = 'kept'): Promise<void> {
  for (const table of TABLES) {
    await t.change(`DELETE FROM ${table}`);
    await t.change(`INSERT INTO ${table} SELECT * FROM ${as}_${table}`);
  }
}
async function forget(as = 'kept'): Promise<void> {
  for (const table of TABLES) await t.change(`DROP TABLE ${as}_${table}`);
}
/** Whoever knows how Opskeep works makes tiles and head fit what the rows say now; a signature he cannot make. */
async function forge(): Promise<void> {
  const rows = await t.sql<Row>('SELECT * FROM journal WHERE seq IS NOT NULL ORDER BY seq');
  const tree = new GrowingTree(0, () => Buffer.alloc(0));
  const tiles = tree.append(Buffer.concat(rows.map((row, n) => leafHash(entryLeaf(row, n + 1)))));
  await t.change('DELETE FROM audit_tiles');
  for (const tile of tiles)
    await t.change('INSERT INTO audit_tiles (path, hashes) VALUES (?, ?)', [
      tilePath(tile),
      tile.hashes.toString('base64'),
    ]);
  await t.change('UPDATE audit_head SET size = ?, root = ?', [tree.size, tree.root().toString('base64')]);
}
async function shift(from: number, by: number): Promise<void> {
  const later = by > 0 ? 'DESC' : 'ASC';
  for (const { seq } of await t.sql<{ seq: number }>(
    `SELECT seq FROM journal WHERE seq >= ? ORDER BY seq ${later}`,
    [from],
  ))
    await t.change('UPDATE journal SET seq = ? WHERE seq = ?', [seq + by, seq]);
}

/** What a verification finds after `harm`, which is undone. */
async function found(
  harm: () => Promise<unknown>,
  checkpoints: Record<string, string> = {},
): Promise<JournalReport> {
  await seal();
  await keep();
  const before = existsSync(headFile) ? readFileSync(headFile, 'utf8') : undefined;
  try {
    await harm();
    return await t.app.get(JournalVerifier).verify({ checkpoints });
  } finally {
    await bringBack();
    await forget();
    if (before !== undefined) writeFileSync(headFile, before);
  }
}
const kinds = (report: JournalReport) => [...new Set(report.faults.map(one => one.kind))].sort();

beforeAll(async () => {
  t = await startApp();
  headFile = join(t.opened.settings.OPSKEEP_DATA, 'audit.head');
  for (let count = 0; count < 8; count++) {
    await t.make('clients');
    // Several checkpoints.
    await seal();
  }
  // What is sealed from now on, and when, is up to the tests.
  await t.app.get(Sequencer).onApplicationShutdown();
  // An intruder with the rights of the database's owner.
  for (const name of ['journal_no_update', 'journal_no_delete']) await t.change(`DROP TRIGGER ${name}`);
});
afterAll(() => t.close());

/** The triggers are gone: beside that, nothing is wrong. */
const whole = { fault_count: 0, faults: [], warnings: [] };

test('an untouched trail is whole, again and again', async () => {
  expect(await found(async () => undefined)).toMatchObject(whole);
  expect(await found(async () => undefined)).toMatchObject(whole);
});

test('an edited entry is found, also by whoever knows all tables', async () => {
  const edit = () => t.change("UPDATE journal SET actor_name = 'somebody else' WHERE seq = 4");
  const plain = await found(edit);
  expect(plain.faults).toEqual([expect.objectContaining({ kind: 'mac', seq: 4 })]);
  const forged = await found(async () => {
    await edit();
    await forge();
  });
  expect(kinds(forged)).toEqual(['checkpoint', 'history', 'mac']);
  expect(forged.faults.find(one => one.kind === 'mac')).toMatchObject({ seq: 4 });
});

test('a removed entry is found, also when those after it close the gap', async () => {
  const gap = await found(() => t.change('DELETE FROM journal WHERE seq = 3'));
  expect(gap.faults).toEqual([expect.objectContaining({ kind: 'missing', seq: 3, n: null })]);
  const closed = async () => {
    await t.change('DELETE FROM journal WHERE seq = 3');
    await shift(4, -1);
  };
  const shifted = await found(closed);
  expect(shifted.faults[0]).toMatchObject({ kind: 'changed', seq: 3 });
  expect(kinds(shifted)).toEqual(['changed', 'missing']);
  const forged = await found(async () => {
    await closed();
    await forge();
  });
  expect(kinds(forged)).toEqual(['checkpoint', 'rollback']);
  expect(forged.faults[0]).toMatchObject({ kind: 'checkpoint', seq: 1 });
});

test('an inserted entry is found at its place', async () => {
  const insert = async (seq: string) => {
    const chosen = COLUMNS.map(name => (name === 'seq' ? seq : name === 'id' ? `'${newId()}'` : name));
    await t.change(
      `INSERT INTO journal (${COLUMNS.join(', ')}) SELECT ${chosen.join(', ')} FROM journal WHERE seq = 1`,
    );
  };
  const between = await found(async () => {
    await shift(5, 1);
    await insert('5');
  });
  expect(between.faults[0]).toMatchObject({ kind: 'mac', seq: 5 });
  expect(kinds(between)).toEqual(['changed', 'mac', 'place']);
  const behind = await found(async () => insert(String((await size()) + 1)));
  expect(kinds(behind)).toEqual(['place']);
  const waiting = await found(() => insert('NULL'));
  expect(waiting.faults).toEqual([expect.objectContaining({ kind: 'mac', seq: null })]);
});

test('exchanged places are found, also where tiles and head were made to fit', async () => {
  const exchange = async () => {
    await t.change('UPDATE journal SET seq = -1 WHERE seq = 4');
    await t.change('UPDATE journal SET seq = 4 WHERE seq = 5');
    await t.change('UPDATE journal SET seq = 5 WHERE seq = -1');
  };
  const plain = await found(exchange);
  expect(plain.faults.map(one => [one.kind, one.seq])).toEqual([['changed', 4], ['changed', 5]]); // prettier-ignore
  const forged = await found(async () => {
    await exchange();
    await forge();
  });
  expect(kinds(forged)).toEqual(['checkpoint', 'history']);
});

test('a cut end and an older copy are found by what is kept outside of the database', async () => {
  await seal();
  await keep('older');
  const before = await note();
  for (let count = 0; count < 3; count++) await t.make('clients');
  await seal();
  const after = await note();
  const older = await size();
  const restore = () => bringBack('older');
  const rolled = await found(restore);
  expect(rolled.faults).toEqual([
    expect.objectContaining({
      kind: 'rollback',
      seq: older - 2,
      message: expect.stringContaining('audit.head'),
    }),
  ]);
  // Whoever has the machine, too, takes the file away: what an auditor has kept remains.
  const hidden = async () => {
    await restore();
    rmSync(headFile);
  };
  expect(await found(hidden)).toMatchObject(whole);
  expect(kinds(await found(hidden, { kept: after }))).toEqual(['rollback']);
  expect(await found(hidden, { kept: before })).toMatchObject(whole);

  // An older copy that goes on is another history, and nothing is signed on top of it.
  await keep('newer');
  await restore();
  await t.make('clients');
  await expect(seal()).rejects.toThrow(/older copy|another history/);
  const waiting = await t.sql('SELECT n FROM journal WHERE seq IS NULL');
  expect(waiting.length).toBeGreaterThan(0);
  expect((await t.http('GET', '/api/audit/checkpoint')).status).toBe(409);
  await bringBack('newer');
  for (const one of ['older', 'newer']) await forget(one);
  expect(await found(async () => undefined)).toMatchObject(whole);
});

test('altered tiles, checkpoints and heads are found, and nothing is signed on top of them', async () => {
  const zero = Buffer.alloc(32).toString('base64');
  const tile = await found(() => t.change('UPDATE audit_tiles SET hashes = ?', [zero]));
  expect(kinds(tile)).toEqual(expect.arrayContaining(['changed', 'history']));
  expect(tile.faults[0]).toMatchObject({ kind: 'changed', seq: 1 });
  const gone = await found(() => t.change('DELETE FROM audit_tiles'));
  expect(gone.faults[0]).toMatchObject({ kind: 'tree', seq: 1 });
  const newest = await note();
  const edits: [string, string[]][] = [
    ['UPDATE audit_checkpoints SET note = ?', [newest.replace('\n\n', `\nmore\n\n`)]],
    ['DELETE FROM audit_checkpoints', []],
    ['UPDATE audit_head SET size = size - 1', []],
    ['UPDATE audit_head SET root = ?', [zero]],
    ['DELETE FROM audit_head', []],
  ];
  for (const [text, values] of edits) {
    const report = await found(async () => {
      await t.make('clients');
      await t.change(text, values);
      // A checkpoint that was altered is not needed by who has signed it: the next one takes its place.
      if (text.includes('audit_head')) await expect(seal()).rejects.toThrow(/audit trail/);
    });
    expect(report.faults.map(one => one.kind)).toContain('checkpoint');
  }
  const strange = await found(async () => writeFileSync(headFile, 'CANARY'));
  expect(strange.faults).toEqual([
    expect.objectContaining({ kind: 'checkpoint', message: expect.stringContaining('audit.head') }),
  ]);
});

test('an entry that is not sealed after ten seconds says that the sequencer stopped', async () => {
  const at = new Date(Date.now() - 20_000).toISOString().replace('T', ' ').replace('Z', '');
  const report = await found(async () => {
    const { id } = await t.make('clients');
    const [row] = await t.sql<Row>('SELECT * FROM journal WHERE resource_id = ?', [id]);
    const mac = await t.app
      .get(KeyRing)
      .useSystem('audit-mac', undefined, key => journalMac(key, { ...row, at }));
    await t.change('UPDATE journal SET at = ?, mac = ? WHERE resource_id = ?', [at, mac, id]);
  });
  expect(report.faults.map(one => one.kind)).toEqual(['stopped']);
});

test('an older copy is taken knowingly, and the trail says so', async () => {
  await seal();
  await keep('older');
  const taken = await note();
  await t.make('clients');
  await seal();
  const known = await note();
  await bringBack('older');
  await forget('older');
  await t.make('clients');
  await expect(seal()).rejects.toThrow(/older copy/);
  await t.app.get(Discontinuity).accept();
  await seal();
  const [entry] = await t.sql<{ details: string }>(
    "SELECT details FROM journal WHERE action = 'audit.discontinuity'",
  );
  expect(JSON.parse(entry?.details ?? '')).toEqual({ known, taken });
  const verifier = t.app.get(JournalVerifier);
  expect(await verifier.verify()).toMatchObject(whole);
  expect(kinds(await verifier.verify({ checkpoints: { known } }))).toEqual(['history']);
  await t.change('UPDATE audit_head SET size = size - 1');
  await expect(t.app.get(Discontinuity).accept()).rejects.toThrow('not signed by this installation');
});
