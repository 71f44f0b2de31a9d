import { randomUUID } from 'node:crypto';
import type { Row } from '../src/core/database/sql.js';
import { hmacSha256 } from '../src/formats/derivation.js';
import { lengthPrefixed } from '../src/formats/length-prefixed.js';
import { KeyRing } from '../src/core/crypto/key-ring.js';
import { JournalEntry } from '../src/core/audit/journal-entry.entity.js';
import type { JournalReport } from '../src/core/audit/journal-verifier.js';
import { triggerFaults } from '../src/core/audit/journal-triggers.js';
import { SealKeys } from '../src/core/audit/seals/seal-keys.js';
import { Sequencer } from '../src/core/audit/seals/sequencer.js';
import { TimeCheck } from '../src/core/audit/verification/entry-checks.js';
import type { Verification } from '../src/core/audit/verification/verification.js';
import { verifyJournal } from '../src/core/audit/verification/verify-journal.js';
import { storedOf } from '../src/core/table/stored.js';
import { startApp, type TestApp } from './app.js';
import { environmentBeside, runCommand } from './harness/command.js';
import { runInside } from './harness/command-inside.js';
import { query } from './harness/query.js';

jest.setTimeout(120_000);

let t: TestApp;
const change = (text: string, values: (string | number)[] = []) =>
  query(t.opened.settings.DATABASE_URL.reveal(), text, values);
const verify = () =>
  verifyJournal({
    connections: t.opened.database.connections,
    keys: t.app.get(KeyRing),
    seals: t.app.get(SealKeys),
  });
const seal = () => t.app.get(Sequencer).sealNow();
const newest = async () =>
  (await t.sql<{ n: number; id: string }>('SELECT n, id FROM journal ORDER BY n DESC LIMIT 1'))[0]!;
const columns = storedOf(JournalEntry)
  .fields.map(one => one.name)
  .filter(name => name !== 'n');

/** Writes a copy of an entry past the application, with other values in some columns. */
async function copy(n: number, other: Record<string, string>): Promise<void> {
  const chosen = columns.map(name => other[name] ?? (name === 'seq' ? 'NULL' : name));
  await change(
    `INSERT INTO journal (${columns.join(', ')}) SELECT ${chosen.join(', ')} FROM journal WHERE n = ${n}`,
  );
}

/** What is found in the journal after `harm`, which is undone by `mend`. */
async function foundAfter(harm: () => Promise<unknown>, mend: () => Promise<unknown>): Promise<Verification> {
  await seal();
  await harm();
  const found = await verify();
  await mend();
  expect(await verify()).toMatchObject({ ok: true, fault_count: 0, faults: [] });
  return found;
}

beforeAll(async () => {
  t = await startApp();
  for (let count = 0; count < 5; count++) await t.make('clients');
  // What is sealed, and when, is up to the tests.
  await t.app.get(Sequencer).onApplicationShutdown();
  // An intruder with the rights of the database's owner.
  await change('DROP TRIGGER journal_no_update');
  await change('DROP TRIGGER journal_no_delete');
});
afterAll(() => t.close());

test('an untouched journal is whole, and every entry is read', async () => {
  const total = (await t.sql<{ total: number }>('SELECT COUNT(*) AS total FROM journal'))[0]?.total;
  await seal();
  const whole = { ok: true, checked: total, sealed: total, fault_count: 0, faults: [], warnings: [] };
  expect(await verify()).toEqual(whole);
});

test.each([
  ['actor_name', "'somebody else'"],
  ['outcome', "'refused'"],
  ['details', 'NULL'],
  ['ip', "''"],
  ['at', "'2026-01-01 00:00:00.000'"],
  ['mac', "REPLACE(mac, SUBSTR(mac, 1, 1), 'x')"],
])('an entry whose %s was edited is found and named', async (column, value) => {
  const [entry] = await t.sql<{ n: number; id: string }>(
    'SELECT n, id FROM journal ORDER BY n LIMIT 1 OFFSET 2',
  );
  const { n, id } = entry!;
  const [before] = await t.sql<Record<string, string>>(`SELECT ${column} AS value FROM journal WHERE n = ?`, [
    n,
  ]);
  const found = await foundAfter(
    () => change(`UPDATE journal SET ${column} = ${value} WHERE n = ?`, [n]),
    () =>
      before?.value == null
        ? change(`UPDATE journal SET ${column} = NULL WHERE n = ?`, [n])
        : change(`UPDATE journal SET ${column} = ? WHERE n = ?`, [before.value, n]),
  );
  expect(found).toMatchObject({ ok: false, fault_count: 1 });
  expect(found.faults[0]).toMatchObject({ kind: 'mac', n, id });
});

test('what a client called its request is covered where there is one, and older entries keep their MAC', async () => {
  const by = async (id: string) =>
    (
      await t.sql<Row>('SELECT * FROM journal WHERE action = ? AND resource_id = ?', ['client.create', id])
    )[0]!;
  const plain = await by((await t.make('clients')).id);
  const named = await by(
    (
      await t.http('POST', '/api/clients', {
        body: await t.body('clients'),
        headers: { 'x-request-id': 'canary-9' },
      })
    ).body.id,
  );
  expect([plain.client_request_id, named.client_request_id]).toEqual([null, 'canary-9']);
  const before = [
    'id', 'at', 'actor_type', 'actor_id', 'actor_name', 'action', 'resource_type', 'resource_id', 'client_id', 'name',
    'outcome', 'ip', 'user_agent', 'request_id', 'details', 'changes', 'mac_key_version',
  ].map(name => (plain[name] === null ? null : String(plain[name] as string | number))); // prettier-ignore
  const mac = await t.app
    .get(KeyRing)
    .useSystem('audit-mac', undefined, key =>
      hmacSha256(key, lengthPrefixed(['opskeep/journal', ...before])),
    );
  expect(mac.toString('hex')).toBe(plain.mac);
  for (const { n, client_request_id } of [plain, named])
    for (const value of ["'canary-8'", ...(client_request_id === null ? [] : ['NULL'])]) {
      const found = await foundAfter(
        () => change(`UPDATE journal SET client_request_id = ${value} WHERE n = ${String(n)}`),
        () =>
          change(
            `UPDATE journal SET client_request_id = ${client_request_id === null ? 'NULL' : "'canary-9'"} WHERE n = ${String(n)}`,
          ),
      );
      expect(found.faults).toEqual([expect.objectContaining({ kind: 'mac', n })]);
    }
});

test('an entry that was written past the application is found', async () => {
  const { n } = await newest();
  const id = randomUUID();
  const found = await foundAfter(
    () => copy(n, { id: `'${id}'` }),
    () => change('DELETE FROM journal WHERE id = ?', [id]),
  );
  expect(found.faults).toEqual([expect.objectContaining({ kind: 'mac', id })]);
});

test('an entry under a key that does not exist is found', async () => {
  const { n } = await newest();
  const found = await foundAfter(
    () => change('UPDATE journal SET mac_key_version = 99 WHERE n = ?', [n]),
    () => change('UPDATE journal SET mac_key_version = 1 WHERE n = ?', [n]),
  );
  expect(found.faults).toEqual([expect.objectContaining({ kind: 'key', n })]);
});

test('over the API and by the command: what is wrong, where first, and an entry about it', async () => {
  const reader = await t.user({ scopes: ['msp:read', 'msp:write'] });
  expect((await t.http('POST', '/api/audit/verify', { token: reader.token })).status).toBe(403);
  const unprotected = (await t.http('POST', '/api/audit/verify')).body as unknown as JournalReport;
  expect(unprotected).toMatchObject({ ok: false, fault_count: 0 });
  expect(unprotected.triggers.map(one => `${one.trigger} ${one.message}`).sort()).toEqual([
    'journal_no_delete is missing',
    'journal_no_update is missing',
  ]);
  for (const { mend } of unprotected.triggers) for (const statement of mend) await change(statement);
  expect((await t.http('POST', '/api/audit/verify')).body).toMatchObject({ ok: true, triggers: [] });
  const { n, id } = await newest();
  const [before] = await t.sql<{ action: string }>('SELECT action FROM journal WHERE n = ?', [n]);
  expect(before?.action).toBe('audit.verify');

  await seal();
  const whole = await runCommand(environmentBeside(t), ['admin', 'audit', 'verify', '--json']);
  expect(whole.code).toBe(0);
  expect(whole.json()).toMatchObject({ ok: true, first_bad: null });
  await change('DROP TRIGGER journal_no_update');
  await change("UPDATE journal SET outcome = 'failed' WHERE n = ?", [n]);
  expect((await t.http('POST', '/api/audit/verify')).body).toMatchObject({ ok: false, faults: [{ n, id }] });
  const broken = await runInside(environmentBeside(t), ['admin', 'audit', 'verify', '--json']);
  expect(broken.code).toBe(1);
  expect(broken.json()).toMatchObject({ ok: false, first_bad: { kind: 'mac', n, id } });
  const [told] = await t.sql<{ outcome: string }>('SELECT outcome FROM journal ORDER BY n DESC LIMIT 1');
  expect(told).toEqual({ outcome: 'failed' });
  await change("UPDATE journal SET outcome = 'ok' WHERE n = ?", [n]);
  await change('DROP TRIGGER journal_no_delete');
});

test('a trigger that lets some entries through, and one that nobody knows, are found and mended', async () => {
  const sqlite = t.opened.database.dialect === 'sqlite';
  const { reader } = t.opened.database.connections;
  const restore = async () => {
    for (const { mend } of await triggerFaults(reader)) for (const statement of mend) await change(statement);
    expect(await triggerFaults(reader)).toEqual([]);
  };
  await restore();
  await change('DROP TRIGGER journal_no_delete');
  await change(
    sqlite
      ? "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal WHEN OLD.outcome = 'ok' BEGIN SELECT RAISE(ABORT, 'no'); END"
      : "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal FOR EACH ROW IF OLD.outcome = 'ok' THEN SIGNAL SQLSTATE '45000'; END IF",
  );
  await change(
    sqlite
      ? "CREATE TRIGGER other BEFORE INSERT ON journal WHEN NEW.action = 'CANARY' BEGIN SELECT RAISE(IGNORE); END"
      : 'CREATE TRIGGER other BEFORE INSERT ON journal FOR EACH ROW SET NEW.ip = NEW.ip',
  );
  expect((await triggerFaults(reader)).map(one => `${one.trigger} ${one.message}`)).toEqual([
    'journal_no_delete is not as a migration has made it',
    'other was made by somebody else',
  ]);
  const told = await runInside(environmentBeside(t), ['admin', 'audit', 'verify']);
  expect(told.code).toBe(1);
  expect(told.stdout).toContain('The trigger other was made by somebody else');
  await restore();
  await change('DROP TRIGGER journal_no_update');
  await change('DROP TRIGGER journal_no_delete');
});

test('an entry that stands there twice is found, though its MAC is right', async () => {
  const { n, id } = await newest();
  const on = t.opened.database.dialect === 'sqlite' ? '' : ' ON journal';
  await change(`DROP INDEX uq_journal_id${on}`);
  await copy(n, {});
  const found = await verify();
  expect(found).toMatchObject({ ok: false, fault_count: 1 });
  expect(found.faults[0]).toMatchObject({ kind: 'duplicate', id });
  expect(found.faults[0]?.n).toBeGreaterThan(n);
});

test('times that run backwards or lie ahead are odd beyond five minutes', () => {
  const now = Date.UTC(2026, 5, 1, 12);
  const times = new TimeCheck(now);
  const kinds = ['11:00', '11:20', '11:16', '11:14', '12:04', '12:06', '11:58', '11:50'].map(
    time => times.look({ n: 1, id: 'one', at: `2026-06-01 ${time}:00.000` })?.kind,
  );
  expect(kinds).toEqual([
    undefined, undefined, undefined, 'order', undefined, 'future', undefined, 'order',
  ]); // prettier-ignore
});
