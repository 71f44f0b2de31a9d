import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SEQUENCING } from '../../src/core/audit/seals/seal-batch.js';
import { SealKeys } from '../../src/core/audit/seals/seal-keys.js';
import { Sequencer } from '../../src/core/audit/seals/sequencer.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApplication } from '../../src/application.js';
import { JournalVerifier } from '../../src/core/audit/journal-verifier.js';
import { journalMac } from '../../src/core/audit/journal-mac.js';
import { KeyRing } from '../../src/core/crypto/key-ring.js';
import { newId } from '../../src/core/database/new-id.js';
import { placeholders, type Row, type SqlValue } from '../../src/core/database/sql.js';
import { startApp, type TestApp } from '../app.js';

jest.setTimeout(120_000);

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

test('an entry that gets its place is found by its number, however many wait', async () => {
  const { dialect } = t.opened.database;
  const list = JSON.stringify([1, 2, 3]);
  const plan =
    dialect === 'sqlite'
      ? await t.sql(`EXPLAIN QUERY PLAN ${SEQUENCING.sqlite}`, [0, list])
      : await t.sql(`EXPLAIN ${SEQUENCING.mariadb}`, [list, 0]);
  const how =
    dialect === 'sqlite'
      ? /SEARCH journal USING INTEGER PRIMARY KEY/
      : /"table":"journal"[^}]*"key":"PRIMARY"/;
  expect(JSON.stringify(plan)).toMatch(how);
});

test('every entry has its place in the order of the journal, without gaps, and a signed checkpoint over all', async () => {
  for (let count = 0; count < 5; count++) await t.make('clients');
  await t.app.get(Sequencer).sealNow();
  const rows = await t.sql<{ n: number; seq: number | null }>('SELECT n, seq FROM journal ORDER BY n');
  expect(rows.map(one => one.seq)).toEqual(rows.map((_, n) => n + 1));
  const keys = t.app.get(SealKeys);
  const path = join(t.opened.settings.OPSKEEP_DATA, 'audit.head');
  const note = readFileSync(path, 'utf8');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const head = await keys.open(note);
  expect(head.size).toBe(rows.length);
  expect(await t.sql('SELECT size, root FROM audit_head')).toEqual([
    { size: head.size, root: head.root.toString('base64') },
  ]);
  expect(await t.sql('SELECT note FROM audit_checkpoints')).toEqual([{ note }]);
});

/** An entry that is written past the application, under the right key, in a transaction that takes its time. */
async function writeSlowly(ms: number): Promise<void> {
  const [row] = await t.sql<Row>('SELECT * FROM journal WHERE seq = 1');
  const entry: Row = { ...row, id: newId(), seq: null };
  delete entry.n;
  const mac = await t.app.get(KeyRing).useSystem('audit-mac', undefined, key => journalMac(key, entry));
  const values = Object.values({ ...entry, mac }) as SqlValue[];
  const transaction = await t.opened.database.connections.begin();
  await transaction.change(
    `INSERT INTO journal (${Object.keys({ ...entry, mac }).join(', ')}) VALUES (${placeholders(values.length)})`,
    values,
  );
  await sleep(ms);
  await transaction.commit();
}

test('several processes put entries in order at once, also those whose transactions take long: no gap, none lost', async () => {
  const { settings, logger } = t.opened;
  const others = await Promise.all([
    createApplication(settings, logger),
    createApplication(settings, logger),
  ]);
  try {
    const sequencers = [t.app, ...others.map(one => one.app)].map(one => one.get(Sequencer));
    let writing = true;
    const written = Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        await sleep(n * 5);
        await writeSlowly(t.opened.database.dialect === 'sqlite' ? 1 : (n % 10) * 40);
        if (n % 3 === 0) await t.make('clients');
      }),
    ).finally(() => (writing = false));
    const sealing = sequencers.map(async one => {
      while (writing) await one.sealNow();
    });
    await Promise.all([written, ...sealing]);
    await sequencers[0]?.sealNow();
    const rows = await t.sql<{ seq: number }>('SELECT seq FROM journal ORDER BY seq');
    expect(rows.length).toBeGreaterThan(80);
    expect(rows.map(one => Number(one.seq))).toEqual(rows.map((_, n) => n + 1));
    const report = await t.app.get(JournalVerifier).verify();
    expect(report).toMatchObject({ ok: true, faults: [], sealed: rows.length });
  } finally {
    for (const { app, opened } of others) {
      await app.close();
      await opened.close();
    }
  }
});
