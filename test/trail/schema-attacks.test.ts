import { checkJournal } from '../../src/commands/doctor/check-journal.js';
import type { Patient } from '../../src/commands/doctor/patient.js';
import { SealKeys } from '../../src/core/audit/seals/seal-keys.js';
import { Sequencer } from '../../src/core/audit/seals/sequencer.js';
import type { Verification } from '../../src/core/audit/verification/verification.js';
import { verifyJournal } from '../../src/core/audit/verification/verify-journal.js';
import { JournalEntry } from '../../src/core/audit/journal-entry.entity.js';
import { LINE_SHAPE } from '../../src/core/audit/verification/entry-lines.js';
import { SCOPES } from '../../src/core/context/actor.js';
import { KeyRing } from '../../src/core/crypto/key-ring.js';
import type { Row } from '../../src/core/database/sql.js';
import { storedOf } from '../../src/core/table/stored.js';
import { openSqlite } from '../../src/formats/sqlite-driver.js';
import { startApp, type TestApp } from '../app.js';
import { query } from '../harness/query.js';

jest.setTimeout(120_000);

/** Somebody who may change the tables themselves, and not only their rows. */
const SEPARATOR = '\u001f';
const COLUMNS = storedOf(JournalEntry)
  .fields.map(one => one.name)
  .filter(name => name !== 'n');
const COLUMNS_OF_LINE = LINE_SHAPE.fields.map(one => one.name);
const UNIQUE = ['id', 'seq'];

let t: TestApp;
let sqlite: boolean;
const change = (text: string, values: (string | number)[] = []) =>
  query(t.opened.settings.DATABASE_URL.reveal(), text, values);
const seal = () => t.app.get(Sequencer).sealNow();
const verify = () =>
  verifyJournal({
    connections: t.opened.database.connections,
    keys: t.app.get(KeyRing),
    seals: t.app.get(SealKeys),
  });
/** An entry that is not sealed counts as late, when these tests are. */
const told = ({ faults }: Verification) =>
  faults.filter(one => one.kind !== 'stopped').map(({ kind, n }) => [kind, n]);
const whole = { ok: true, fault_count: 0, faults: [], warnings: [] };
const at = async (seq: number) => (await t.sql<Row>('SELECT * FROM journal WHERE seq = ?', [seq]))[0]!;
const lastSeq = async () => (await t.sql<{ seq: number }>('SELECT MAX(seq) AS seq FROM journal'))[0]!.seq;
const newest = async () => (await t.sql<{ n: number }>('SELECT MAX(n) AS n FROM journal'))[0]!.n;

/** The text of a table or index of SQLite, in its own hands. */
function rewrite(name: string, edit: (text: string) => string): void {
  const handle = openSqlite(t.opened.settings.DATABASE_URL.reveal().slice('sqlite:'.length), {
    timeout: 20_000,
  });
  try {
    handle.unsafeMode();
    handle.pragma('writable_schema = ON');
    const { sql } = handle.prepare('SELECT sql FROM sqlite_master WHERE name = ?').get(name) as {
      sql: string;
    };
    expect(edit(sql)).not.toBe(sql);
    handle.prepare('UPDATE sqlite_master SET sql = ? WHERE name = ?').run(edit(sql), name);
    const version = Number(handle.pragma('schema_version', { simple: true }));
    handle.pragma(`schema_version = ${version + 1}`);
  } finally {
    handle.close();
  }
}

/** Every column takes everything. */
async function loosen(): Promise<void> {
  // A column of no type keeps numbers as they are.
  if (sqlite)
    return rewrite('journal', text =>
      text
        .replaceAll(' NOT NULL', '')
        .replace(/ CHECK \([^)]*\)\)/g, '')
        .replace(/\bname varchar\(\d+\)/, 'name'),
    );
  for (const name of ['id', 'at', 'actor_type', 'action', 'request_id', 'token_id', 'outcome', 'mac'])
    await change(`ALTER TABLE journal MODIFY ${name} varchar(255) NULL`);
  await change('ALTER TABLE journal MODIFY mac_key_version int NULL');
}

/** Indexes of the same names that let everything pass. */
async function makeOrdinary(): Promise<void> {
  for (const name of UNIQUE) {
    await change(`DROP INDEX uq_journal_${name}${sqlite ? '' : ' ON journal'}`);
    await change(`CREATE INDEX uq_journal_${name} ON journal (${name})`);
  }
}

/** Writes an entry once more; its number. */
async function copy(n: number, seq: string): Promise<number> {
  const values = COLUMNS.map(name => (name === 'seq' ? seq : name));
  await change(
    `INSERT INTO journal (${COLUMNS.join(', ')}) SELECT ${values.join(', ')} FROM journal WHERE n = ${n}`,
  );
  return newest();
}

/** What is found of an entry after an edit, which is undone. */
async function foundAfter(entry: Row, edit: Record<string, string>): Promise<Verification> {
  const sets = Object.entries(edit).map(([name, value]) => `${name} = ${value}`);
  await change(`UPDATE journal SET ${sets.join(', ')} WHERE n = ${String(entry.n)}`);
  const found = await verify();
  for (const name of Object.keys(edit))
    await change(
      `UPDATE journal SET ${name} = ${entry[name] === null ? 'NULL' : '?'} WHERE n = ${String(entry.n)}`,
      entry[name] === null ? [] : [entry[name] as string],
    );
  return found;
}

/** Edits that leave the text of the whole line as it was: a value goes into the one before or behind it. */
const NEIGHBOURS: [kept: string, gone: string][] = [
  ['id', 'at'], ['at', 'actor_type'], ['actor_type', 'at'], ['actor_name', 'action'], ['name', 'outcome'],
  ['request_id', 'mac_key_version'], ['token_id', 'mac'], ['at', 'id'],
]; // prettier-ignore

beforeAll(async () => {
  t = await startApp();
  sqlite = t.opened.database.dialect === 'sqlite';
  for (let count = 0; count < 4; count++) await t.make('clients');
  const { body: made } = await t.http('POST', '/api/access-tokens', {
    body: { name: 'machine', scopes: [...SCOPES] },
  });
  await t.http('POST', '/api/clients', {
    token: String(made.token),
    body: { ...(await t.body('clients')), name: '42' },
  });
  await seal();
  await t.app.get(Sequencer).onApplicationShutdown();
  for (const name of ['journal_no_update', 'journal_no_delete']) await change(`DROP TRIGGER ${name}`);
});
afterAll(() => t.close());

test('a value that went into its neighbour is missed where it was', async () => {
  await loosen();
  const entry = await at(await lastSeq());
  expect(entry).toMatchObject({ name: '42', actor_type: 'token', token_id: expect.any(String) as string });
  for (const [kept, gone] of NEIGHBOURS) {
    const isAfter = COLUMNS_OF_LINE.indexOf(kept) > COLUMNS_OF_LINE.indexOf(gone);
    const [first, second] = isAfter ? [gone, kept] : [kept, gone];
    for (const separators of [SEPARATOR, SEPARATOR + SEPARATOR]) {
      const both = `${String(entry[first])}${separators}${String(entry[second])}`;
      const found = await foundAfter(entry, { [kept]: `'${both}'`, [gone]: 'NULL' });
      expect([kept, gone, told(found)]).toEqual([
        kept,
        gone,
        [[gone === 'mac_key_version' ? 'key' : 'mac', entry.n]],
      ]);
    }
  }
  expect(await verify()).toMatchObject(whole);
});

test('what is null is not what is empty', async () => {
  const entry = await at(3);
  for (const name of ['action', 'outcome', 'mac', 'id'])
    expect([name, told(await foundAfter(entry, { [name]: 'NULL' }))]).toEqual([name, [['mac', entry.n]]]);
  expect(await verify()).toMatchObject(whole);
});

test('a value of another type with the same text is found (SQLite)', async () => {
  if (!sqlite) return;
  const entry = await at(await lastSeq());
  for (const name of ['id', 'action', 'name', 'details', 'token_id', 'mac'])
    if (entry[name] !== null)
      expect([name, told(await foundAfter(entry, { [name]: `CAST(${name} AS BLOB)` }))]).toEqual([
        name,
        [['mac', entry.n]],
      ]);
  expect(told(await foundAfter(entry, { name: '42' }))).toEqual([['mac', entry.n]]);
  expect(told(await foundAfter(entry, { mac_key_version: "x'31'" }))).toHaveLength(1);
  expect(await verify()).toMatchObject(whole);
});

test('a copy of an entry is found and not sealed, whatever indexes are called', async () => {
  await makeOrdinary();
  const { n, id } = await at(3);
  const waiting = await copy(Number(n), 'NULL');
  expect(told(await verify())).toEqual([['duplicate', waiting]]);
  await expect(seal()).rejects.toThrow(
    `holds the entry ${String(id)} again, as n ${waiting}: somebody copied it`,
  );
  const answer = await t.http('GET', '/api/audit/checkpoint');
  expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('somebody copied it')]);
  expect(await t.sql('SELECT seq FROM journal WHERE n = ?', [waiting])).toEqual([{ seq: null }]);
  await change('DELETE FROM journal WHERE n = ?', [waiting]);

  const placed = await copy(Number(n), 'seq');
  expect(told(await verify())).toEqual([['duplicate', placed]]);
  await change('DELETE FROM journal WHERE n = ?', [placed]);
  await seal();
  expect(await verify()).toMatchObject(whole);
});

test('copies of what waits are not sealed either', async () => {
  await t.make('clients');
  const fresh = await newest();
  const twin = await copy(fresh, 'NULL');
  await expect(seal()).rejects.toThrow(`as n ${twin}: somebody copied it`);
  await change('DELETE FROM journal WHERE n = ?', [twin]);
  // An entry that nobody sealed, at the place of one that was.
  await change('UPDATE journal SET seq = 3 WHERE n = ?', [fresh]);
  const found = await verify();
  expect(told(found).filter(([kind]) => kind === 'duplicate')).toEqual([['duplicate', fresh]]);
  if (sqlite) {
    await change('UPDATE journal SET seq = 3.5 WHERE n = ?', [fresh]);
    expect(told(await verify())).toEqual([['place', fresh]]);
  }
  await change('UPDATE journal SET seq = NULL WHERE n = ?', [fresh]);
  await seal();
  expect(await verify()).toMatchObject(whole);
});

test('an entry that was sealed twice while its first was away is found, also where an index lies', async () => {
  const { n } = await at(3);
  await change(`CREATE TABLE away AS SELECT * FROM journal WHERE n = ${String(n)}`);
  const replayed = await copy(Number(n), 'NULL');
  await change('DELETE FROM journal WHERE n = ?', [Number(n)]);
  await seal();
  await change('INSERT INTO journal SELECT * FROM away');
  if (sqlite) rewrite('uq_journal_id', text => text.replace('CREATE INDEX', 'CREATE UNIQUE INDEX'));
  expect(told(await verify())).toEqual([['duplicate', replayed]]);
});

test('the doctor names columns that take NULL, and indexes that are not unique', async () => {
  if (sqlite) rewrite('uq_journal_id', text => text.replace(' UNIQUE', ''));
  const found = await checkJournal({ main: t.opened.database } as Patient);
  for (const name of ['id', 'at', 'actor_type', 'action', 'outcome', 'mac', 'mac_key_version'])
    expect(found.map(one => one.what)).toContain(`The column ${name} of the audit trail takes NULL`);
  for (const name of UNIQUE) {
    const said = found.find(
      one => one.what === `The audit trail has no unique index of ${name}: an entry may be copied`,
    );
    expect(said?.mend).toContain('admin audit verify');
    expect(said?.mend).toContain(`CREATE UNIQUE INDEX uq_journal_${name} ON journal (${name})`);
  }
});
