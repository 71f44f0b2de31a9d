import { v7 as uuidv7 } from 'uuid';
import { bothMigrations } from '../migrations/index.js';
import { journalMac } from '../src/core/audit/journal-mac.js';
import { loadSettings } from '../src/core/config/load-settings.js';
import { KeyRing } from '../src/core/crypto/key-ring.js';
import type { Row } from '../src/core/database/sql.js';
import { Logger } from '../src/core/context/logger.js';
import { openBackends, type Backends } from '../src/core/start/backends.js';
import { ADMIN_PASSWORD, startApp, type TestApp } from './app.js';
import { type FreshDatabase, freshDatabase, testDatabase } from './harness/database.js';
import { entriesOf } from './harness/journal.js';
import { query } from './harness/query.js';

const sqlite = testDatabase() === 'sqlite';
const REFUSED = /append-only/;

describe('the table', () => {
  let fresh: FreshDatabase;
  let opened: Backends;
  let entry: Record<string, string | number | null>;

  // Without the application: nothing but these tests touches the rows.
  beforeAll(async () => {
    fresh = await freshDatabase();
    const { settings } = loadSettings(
      { NODE_ENV: 'test', OPSKEEP_DATA: fresh.data, DATABASE_URL: fresh.url, KEYSTORE_DATABASE_URL: fresh.keystoreUrl, LOG_LEVEL: 'silent' },
      fresh.data,
    ); // prettier-ignore
    opened = await openBackends(settings, bothMigrations, Logger.create(settings));
  });
  afterAll(async () => {
    await opened.close();
    await fresh.drop();
  });
  beforeEach(async () => {
    entry = {
      id: uuidv7(), at: '2026-01-02 03:04:05.678', actor_type: 'user', actor_id: 'a', actor_name: 'n', action: 'x.y',
      resource_type: 't', resource_id: 'r', client_id: uuidv7(), name: 'n', outcome: 'ok', ip: '::1', user_agent: 'u',
      request_id: 'q', client_request_id: 'c', details: '{}', changes: '{}', mac: 'm', mac_key_version: 1,
    }; // prettier-ignore
    const names = Object.keys(entry);
    await run(
      `INSERT INTO journal (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      Object.values(entry),
    );
  });

  /** Errors of native code may be of another realm under Jest, which does not take them for errors then. */
  const run = (text: string, values: (string | number | null)[] = []) =>
    opened.database.connections.commitOne(text, values).catch((error: unknown) => {
      throw new Error((error as Error).message);
    });
  const stored = async () =>
    (
      await opened.database.connections.reader.select('SELECT * FROM journal WHERE id = ?', [entry.id ?? ''])
    )[0];

  test('refuses to delete', async () => {
    await expect(run('DELETE FROM journal WHERE id = ?', [entry.id ?? ''])).rejects.toThrow(REFUSED);
    await expect(run('DELETE FROM journal')).rejects.toThrow(REFUSED);
    expect(await stored()).toMatchObject(entry);
  });

  test('refuses to change any column, also together with the sequencing', async () => {
    const others: Record<string, string | number> = {
      actor_type: 'system', outcome: 'failed', mac_key_version: 2, at: '2027-01-02 03:04:05.678', n: 900_000,
    }; // prettier-ignore
    for (const name of [...Object.keys(entry), 'n'])
      for (const value of [
        others[name] ?? (name.endsWith('id') ? uuidv7() : 'CANARY'),
        name === 'n' ? 900_001 : null,
      ])
        for (const sequenced of ['', ', seq = 900000']) {
          const change = run(`UPDATE journal SET ${name} = ?${sequenced} WHERE id = ?`, [
            value,
            entry.id ?? '',
          ]);
          await expect(change).rejects.toThrow(/append-only|null/i);
        }
    expect(await stored()).toMatchObject({ ...entry, seq: null });
  });

  test('lets seq go from nothing to a value, once', async () => {
    const [id, seq] = [entry.id ?? '', Date.now()];
    await expect(run('UPDATE journal SET seq = NULL WHERE id = ?', [id])).rejects.toThrow(REFUSED);
    expect(await run('UPDATE journal SET seq = ? WHERE id = ?', [seq, id])).toBe(1);
    for (const next of [seq + 1, seq, null])
      await expect(run('UPDATE journal SET seq = ? WHERE id = ?', [next, id])).rejects.toThrow(REFUSED);
    expect(await stored()).toMatchObject({ ...entry, seq });
  });

  test.each(
    sqlite
      ? ['INSERT OR REPLACE INTO', 'REPLACE INTO', 'UPDATE OR REPLACE']
      : ['REPLACE INTO', 'INSERT … ON DUPLICATE KEY UPDATE'],
  )('is not overwritten by %s', async verb => {
    const { n } = (await stored()) as { n: number };
    const columns = ['n', ...Object.keys(entry)];
    const values = [n, ...Object.values({ ...entry, action: 'CANARY' })];
    const into = `journal (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
    const attempt = verb.startsWith('UPDATE')
      ? run(`UPDATE OR REPLACE journal SET n = ? WHERE id <> ?`, [n, entry.id ?? ''])
      : verb.includes('DUPLICATE')
        ? run(`INSERT INTO ${into} ON DUPLICATE KEY UPDATE action = 'CANARY'`, values)
        : run(`${verb} ${into}`, values);
    await expect(attempt).rejects.toThrow(REFUSED);
    expect(await stored()).toMatchObject(entry);
  });
});

describe('entries', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.close());

  const entries = (where: string, ...values: string[]) =>
    t.sql<Row>(`SELECT * FROM journal WHERE ${where} ORDER BY n`, values);
  const onDatabase = (text: string) => query(t.opened.settings.DATABASE_URL.reveal(), text);

  test('tell who did what to what, from where, with names of fields and no secret', async () => {
    const answer = await t.http('POST', '/api/clients', {
      body: { name: 'Journal Ltd', notes: 'first' },
      headers: { 'user-agent': 'canary/1', 'x-request-id': 'canary-7' },
    });
    await t.http('PATCH', `/api/clients/${answer.body.id}`, { body: { notes: 'second' } });
    await t.http('DELETE', `/api/clients/${answer.body.id}`);
    const told = await entries('resource_id = ?', answer.body.id);
    expect(told.map(one => one.action)).toEqual(['client.create', 'client.update', 'client.delete']);
    expect(told[0]).toMatchObject({
      actor_type: 'user', actor_id: t.admin.id, actor_name: t.admin.email, client_id: answer.body.id, name: 'Journal Ltd',
      outcome: 'ok', ip: '127.0.0.1', user_agent: 'canary/1', request_id: answer.headers['x-request-id'],
      client_request_id: 'canary-7',
    }); // prettier-ignore
    expect(JSON.parse(String(told[1]?.changes))).toMatchObject({ notes: ['first', 'second'] });
    expect(JSON.parse(String(told[1]?.details))).toMatchObject({
      changed_fields: expect.arrayContaining(['notes']) as unknown,
    });
  });

  test('keep what else was changed beside a very long text', async () => {
    const { id } = await t.make('clients', { notes: 'n'.repeat(50_000) });
    const body = { notes: 'm'.repeat(65_000), phone: '+1 555 0100' };
    expect((await t.http('PATCH', `/api/clients/${id}`, { body })).status).toBe(200);
    const [, update] = await entriesOf(t, id);
    expect(update?.changes).toMatchObject({ phone: [null, '+1 555 0100'], truncated: true });
    expect(update?.changes.notes?.[1]).toMatch(/^m{4000}… \(65000 characters\)$/);
  });

  test('carry a MAC that covers what is stored', async () => {
    const all = await entries('1 = 1');
    expect(all.length).toBeGreaterThan(3);
    for (const row of all) {
      const keyed = (changed: Row) =>
        t.app
          .get(KeyRing)
          .useSystem('audit-mac', row.mac_key_version as number, key => journalMac(key, changed));
      expect(await keyed(row)).toBe(row.mac);
      expect(await keyed({ ...row, resource_id: null })).not.toBe(row.resource_id === null ? '' : row.mac);
      expect(await keyed({ ...row, actor_name: '', name: '' })).not.toBe(row.mac);
    }
  });

  test('go with what they tell of: nothing of an undone request stays', async () => {
    const before = (await entries('1 = 1')).length;
    const items = [{ name: 'Undone one' }, { name: 'Undone two' }, { name: 'Undone one' }];
    expect((await t.http('POST', '/api/clients/bulk', { body: { atomic: true, items } })).status).toBe(409);
    expect(await t.sql("SELECT id FROM clients WHERE name LIKE 'Undone%'")).toEqual([]);
    expect((await entries('1 = 1')).length).toBe(before);
    const partly = await t.http('POST', '/api/clients/bulk', { body: { items } });
    expect(partly.body.results.map(one => one.status)).toEqual([201, 201, 409]);
    expect(await entries("name LIKE 'Undone%'")).toHaveLength(2);
  });

  describe('that cannot be written', () => {
    let client: string;
    let other: string;
    let credential: string;
    beforeAll(async () => {
      client = (await t.make('clients', { notes: 'before' })).id;
      other = (await t.make('clients')).id;
      credential = (await t.make('credentials', { client_id: client })).id;
      await onDatabase(
        sqlite
          ? "CREATE TRIGGER journal_away BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'away'); END"
          : "CREATE TRIGGER journal_away BEFORE INSERT ON journal FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'away'",
      );
    });

    test('stop every change: 503, Retry-After, and nothing is different', async () => {
      const before = JSON.stringify(await t.sql('SELECT * FROM clients ORDER BY id'));
      const user = await t.sql('SELECT last_login_at, failed_logins FROM users WHERE id = ?', [t.admin.id]);
      const logIn = (password: string) =>
        t.http('POST', '/api/auth/login', { token: null, body: { email: t.admin.email, password } });
      const answers = [
        await t.http('POST', '/api/clients', { body: { name: 'Never' } }),
        await t.http('PATCH', `/api/clients/${client}`, { body: { notes: 'after' } }),
        await t.http('DELETE', `/api/clients/${other}`),
        await t.http('POST', '/api/clients/bulk', { body: { items: [{ name: 'Never' }] } }),
        await logIn(ADMIN_PASSWORD),
        await logIn('CANARY wrong'),
        await t.http('POST', '/api/auth/logout'),
      ];
      for (const answer of answers) {
        expect(answer.status).toBe(503);
        expect(answer.headers['retry-after']).toBe('30');
        expect(answer.body).toMatchObject({ code: 'unavailable', details: {} });
        expect(answer.text).not.toMatch(/trigger|away|journal/i);
      }
      expect(JSON.stringify(await t.sql('SELECT * FROM clients ORDER BY id'))).toBe(before);
      expect(
        await t.sql('SELECT last_login_at, failed_logins FROM users WHERE id = ?', [t.admin.id]),
      ).toEqual(user);
    });

    test('stop every look at a secret', async () => {
      const answer = await t.http('GET', `/api/credentials/${credential}`);
      expect(answer.status).toBe(503);
      expect(answer.text).not.toContain('CANARY');
    });

    test('stop neither reads of what is not secret, nor refusals', async () => {
      expect((await t.http('GET', `/api/clients/${client}`)).body.notes).toBe('before');
      expect((await t.http('GET', '/api/clients')).status).toBe(200);
      expect((await t.http('GET', '/api/clients', { token: 'bad' })).status).toBe(401);
    });

    test('are written again as soon as they can be', async () => {
      await onDatabase('DROP TRIGGER journal_away');
      expect((await t.http('PATCH', `/api/clients/${client}`, { body: { notes: 'after' } })).status).toBe(
        200,
      );
      expect((await t.http('GET', `/api/credentials/${credential}`)).text).toContain('CANARY');
    });
  });
});
