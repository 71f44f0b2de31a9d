import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { migrations } from '../migrations/index.js';
import { sourceOptions } from '../src/core/database/database.js';
import { type FreshDatabase, freshDatabase } from './harness/database.js';
import { RowsOfBefore } from './harness/rows-of-before.js';

/** What stands before a migration, and what has become of it. */
interface Case {
  before: (rows: RowsOfBefore) => Promise<void>;
  after: (rows: RowsOfBefore) => Promise<void>;
}

const id = (n: number) => `01981f5e-6f43-7bd1-b4a5-${String(n).padStart(12, '0')}`;
const [ANNA, BEN, ACME, ZETA] = [id(1), id(2), id(3), id(4)];
const CHANGED = { version: 2 };

/** By the number of the migration, in its order; rows stay for those behind it. */
const CASES: Record<string, Case> = {
  '0011': {
    before: rows => rows.put('clients', { id: ACME, name: 'Straße' }, { id: ZETA, name: 'STRASSE' }),
    after: async rows => {
      const keys = await rows.read('SELECT name, name_key FROM clients ORDER BY id');
      expect(keys).toEqual([
        { name: 'Straße', name_key: expect.stringMatching(/^\w{64}$/) as string },
        { name: 'STRASSE', name_key: expect.stringMatching(/^\w{64}$/) as string },
      ]);
      expect(keys[0]?.name_key).not.toBe(keys[1]?.name_key);
    },
  },
  '0015': {
    before: async rows => {
      const none = { client_id: null };
      await rows.put('credentials', { id: id(10), owner_id: ANNA, ...none, visibility: 'private' });
      await rows.put('credentials', { id: id(11), owner_id: ANNA, ...none, visibility: 'pool' });
      const secret = { field: 'password', fingerprint: 'same' };
      await rows.put('credential_secrets', { id: id(12), credential_id: id(10), ...secret });
      await rows.put('credential_secrets', { id: id(13), credential_id: id(11), ...secret });
    },
    after: async rows => {
      const found = await rows.read('SELECT fingerprint FROM credential_secrets ORDER BY id');
      expect(found).toEqual([{ fingerprint: null }, { fingerprint: 'same' }]);
    },
  },
  '0018': {
    before: async rows => {
      const handle = { name: 'firewall', client_id: ACME };
      await rows.put('credentials', { id: id(20), owner_id: ANNA, ...handle, name_key: 'a' });
      await rows.put('credentials', { id: id(21), owner_id: BEN, ...handle, name_key: 'b' });
      await rows.put('credentials', { id: id(22), owner_id: BEN, ...handle, name_key: 'c' });
    },
    after: async rows => {
      const found = await rows.read('SELECT name_key FROM credentials WHERE name IS NOT NULL ORDER BY id');
      const keys = found.map(one => one.name_key);
      expect(new Set([...keys, 'a', 'b', 'c']).size).toBe(6);
    },
  },
  '0019': {
    before: rows =>
      rows.put('credential_permissions', { id: id(30), client_id: ACME, user_id: ANNA, level: 'view' }),
    after: async rows => {
      const found = await rows.read('SELECT id, user_id, level, granted_by FROM credential_permissions');
      expect(found).toEqual([{ id: id(30), user_id: ANNA, level: 'view', granted_by: null }]);
    },
  },
  '0021': {
    before: async rows => {
      await rows.put('security_incidents', { id: id(40), detection_key: `mass_reveal:${BEN}:2026-01-31` });
      await rows.put(
        'security_incidents',
        { id: id(41), detection_key: `brute_force:${BEN}` },
        { id: id(42) },
      );
    },
    after: async rows => {
      const found = await rows.read('SELECT suspect_id FROM security_incidents ORDER BY id');
      expect(found.map(one => one.suspect_id)).toEqual([BEN, null, null]);
    },
  },
  '0022': {
    before: rows => rows.put('break_glass_rights', { id: id(50), credential_id: id(21), user_id: ANNA }),
    after: async rows => {
      expect(await rows.read('SELECT owner_id FROM break_glass_rights')).toEqual([{ owner_id: BEN }]);
    },
  },
  '0066': {
    before: async rows => {
      const link = { system: 'halo', session_id: null, client_id: ACME };
      await rows.put('ticket_links', { id: id(60), ...link, external_ticket_id: 'Ä1' });
      await rows.put('ticket_links', { id: id(61), ...link, external_ticket_id: 'ä1' });
      await rows.put('ticket_links', { id: id(62), ...link, external_ticket_id: 'ä1', client_id: ZETA });
    },
    after: async rows => {
      const found = await rows.read('SELECT external_ticket_id_key AS k FROM ticket_links ORDER BY id');
      const some = expect.stringMatching(/^\w{64}$/) as string;
      // The second is the same link once more.
      expect(found.map(one => one.k)).toEqual([some, null, some]);
      expect(found[0]?.k).not.toBe(found[2]?.k);
    },
  },
  '0087': {
    before: async rows => {
      await rows.put('projects', { id: id(70), client_id: ACME, slug: 'portal' });
      await rows.put('sessions', { id: id(71), project_id: id(70) }, { id: id(72) });
      await rows.put('work_items', { id: id(73), session_id: id(71) });
    },
    after: async rows => {
      const sessions = await rows.read('SELECT client_id, version FROM sessions ORDER BY id');
      expect(sessions).toEqual([
        { client_id: ACME, ...CHANGED },
        { client_id: null, version: 1 },
      ]);
      expect(await rows.read('SELECT client_id FROM work_items')).toEqual([{ client_id: ACME }]);
    },
  },
  '0094': {
    before: async rows => void (await rows.read(`UPDATE projects SET user_id = '${BEN}'`)),
    after: async rows => {
      expect(await rows.read('SELECT known_by FROM projects')).toEqual([{ known_by: BEN }]);
    },
  },
  '0097': {
    before: rows => rows.put('decision_logs', { id: id(80) }),
    after: async rows => {
      expect(await rows.read("SELECT term FROM recall_terms WHERE term = ' version'")).toEqual([]);
    },
  },
  '0098': {
    before: async rows => {
      await rows.put('recall_entries', { row_id: id(85) });
      await rows.put('recall_terms', { term: ' version', documents: 1 });
    },
    after: async rows => {
      // Rows from before are to be made anew.
      expect(await rows.read("SELECT documents FROM recall_terms WHERE term = ' version'")).toEqual([
        { documents: 1 },
      ]);
    },
  },
  '0110': {
    before: async rows => {
      await rows.put('infrastructure', { id: id(90), client_id: ACME });
      await rows.put('commands_run', { id: id(91), session_id: id(72), infrastructure_id: id(90) });
      await rows.put('commands_run', { id: id(92), session_id: id(72) });
      await rows.put('credential_links', { id: id(93), credential_id: id(11), infrastructure_id: id(90) });
    },
    after: async rows => {
      const found = await rows.read('SELECT client_id, version FROM commands_run ORDER BY id');
      expect(found).toEqual([
        { client_id: ACME, ...CHANGED },
        { client_id: null, version: 1 },
      ]);
      expect(await rows.read('SELECT client_id FROM credential_links')).toEqual([{ client_id: ACME }]);
    },
  },
  '0111': {
    before: async rows => {
      await rows.read(`UPDATE clients SET currency = CASE id WHEN '${ACME}' THEN 'eur' ELSE 'EUR' END`);
      await rows.put('billable_time', { id: id(95), client_id: ACME, currency: 'Eur' });
    },
    after: async rows => {
      const found = await rows.read('SELECT currency, version FROM clients ORDER BY id');
      expect(found).toEqual([
        { currency: 'EUR', ...CHANGED },
        { currency: 'EUR', version: 1 },
      ]);
      expect(await rows.read('SELECT currency FROM billable_time')).toEqual([{ currency: 'EUR' }]);
    },
  },
  '0112': {
    before: async rows => {
      const [moment, status] = ['2026-02-01 00:00:00.000', 'active'];
      await rows.put('clients', { id: id(96), name: 'A', status: 'archived', archived_at: null });
      await rows.put('clients', { id: id(97), name: 'B', status, archived_at: moment });
      await rows.put('clients', { id: id(98), name: 'C', status, archived_at: null });
    },
    after: async rows => {
      const found = await rows.read(
        "SELECT status, CASE WHEN archived_at IS NULL THEN 0 ELSE 1 END AS gone FROM clients WHERE name IN ('A', 'B', 'C') ORDER BY id",
      );
      expect(found.map(one => [one.status, Number(one.gone)])).toEqual([
        ['archived', 1],
        ['archived', 1],
        ['active', 0],
      ]);
    },
  },
  '0180': {
    before: async () => undefined,
    after: async rows => {
      const [head, ...more] = await rows.read('SELECT name, size FROM audit_head');
      expect([head?.name, Number(head?.size), more]).toEqual(['trail', 0, []]);
    },
  },
  '0190': {
    before: async () => undefined,
    after: async rows => {
      const names = (await rows.read('SELECT table_name FROM search_fills')).map(one => one.table_name);
      expect(names).toEqual(expect.arrayContaining(['clients', 'credentials']));
      expect(names).not.toContain('sites');
    },
  },
};

let fresh: FreshDatabase;
let source: DataSource;
let rows: RowsOfBefore;
beforeAll(async () => {
  fresh = await freshDatabase();
  const options = sourceOptions({ url: fresh.url, entities: [], migrations: [], pool: 1 });
  source = await new DataSource(options).initialize();
  rows = new RowsOfBefore(source.createQueryRunner());
  await rows.loosen();
});
afterAll(async () => {
  await rows.runner.release();
  await source.destroy();
  await fresh.drop();
});

/** A statement that changes rows; triggers and sentences name the verbs as well. */
const CHANGES = /\bUPDATE (?:\$\{[\w.]+\}|\w+) (?:SET|JOIN|\$\{)|\bINSERT INTO|\bDELETE FROM/;

/** `0066` of `TicketLinks1763800000660`. */
const numberOf = (name: string) => name.slice(-5, -1);

test('every migration that changes rows is tried with some', () => {
  const changing = readdirSync('migrations', { withFileTypes: true })
    .filter(one => one.isFile())
    .map(one => one.name)
    .filter(file => CHANGES.test(readFileSync(join('migrations', file), 'utf8')));
  expect(changing.map(file => file.slice(0, 4))).toEqual(Object.keys(CASES).sort());
});

test('rows that were there are what a migration makes of them', async () => {
  const seen: string[] = [];
  for (const Migration of migrations) {
    const number = numberOf(Migration.name);
    await CASES[number]?.before(rows);
    await new Migration().up(rows.runner);
    await CASES[number]?.after(rows);
    if (CASES[number]) seen.push(number);
  }
  expect(seen.sort()).toEqual(Object.keys(CASES).sort());
});
