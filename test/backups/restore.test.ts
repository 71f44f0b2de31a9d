import { join } from 'node:path';
import { Opener } from '../../src/core/crypto/opener.js';
import { allSealedPlaces, openEvery } from '../../src/core/crypto/sealed-places.js';
import { MainDatabase } from '../../src/core/database/main-database.js';
import { Backups } from '../../src/operations/backups/backups.service.js';
import { startApp, type TestApp } from '../app.js';
import { RESOURCES } from '../harness/all-resources.js';
import {
  databasesOf,
  elsewhere,
  faults,
  inside,
  makeBackup,
  NO_TELLING,
  restore,
  storedRows,
  verified,
} from '../harness/backing-up.js';
import { expectConsistent, nothingTold } from '../harness/crash.js';
import { type FreshDatabase, testDatabase } from '../harness/database.js';
import { query } from '../harness/query.js';
import { sharingOf } from '../harness/sharing.js';

jest.setTimeout(180_000);

let t: TestApp;
const dropped: FreshDatabase[] = [];
const target = async (kind: 'sqlite' | 'mariadb' = testDatabase()) => {
  const fresh = await databasesOf(kind);
  dropped.push(fresh);
  return { fresh, environment: elsewhere(t, fresh) };
};
const file = (name: string) => join(t.opened.settings.OPSKEEP_DATA, 'backups', name);

/** What neither is in a backup nor stays as it was when one is restored. */
const OTHERWISE = new Set([
  'journal',
  'audit_head',
  'audit_checkpoints',
  'audit_tiles',
  'credential_shares',
  'approval_requests',
  'webhooks',
]);
/** Tables that creating a row of each resource leaves empty: of these a backup has columns alone in this test. */
const MAY_BE_EMPTY = new Set([
  'break_glass_rights',
  'credential_links',
  'earlier_entries',
  'expiration_reminders',
  'imported_rows',
  'incident_credentials',
  'incident_deadlines',
  'incident_deleted_credentials',
  'incident_timeline',
  'memory_events',
  'memory_usage',
  'offboardings',
  'project_state_versions',
  'search_fills',
  'task_dependencies',
  'webhook_deliveries',
]);
const OTHER_TEXT = 'Zoë "quoted" \\ back\nnew 🔑 ＜wide＞ \u2028 line;--';

beforeAll(async () => {
  t = await startApp();
  await t.make('custom-field-definitions', { resource: 'sites', key: 'vlan', kind: 'text' });
  for (const [path, { routes, taggable }] of RESOURCES)
    if (!routes || routes.includes('create')) await t.make(path, taggable ? { tags: ['a tag'] } : {});
  const headers = { 'idempotency-key': 'CANARY-once' };
  await t.http('POST', '/api/sites', {
    headers,
    body: await t.body('sites', { custom_fields: { vlan: '7' } }),
  });
  await t.make('sites', { name: 'Zoë "quoted" 🔑', notes: OTHER_TEXT });
  await t.make('webhooks', { is_active: true });
  const csv = { headers: { 'content-type': 'text/csv' }, body: 'name\nBrought in\n' };
  expect((await t.http('POST', '/api/bulk-import/clients', csv)).status).toBe(200);
  await t.make('backup-log', { backup_type: 'manual', size_bytes: Number.MAX_SAFE_INTEGER });
});
afterAll(async () => {
  for (const one of dropped) await one.drop();
  await t.close();
});

test('every row goes into empty databases of either kind, and back; everything opens, and the trail goes on', async () => {
  const kinds = testDatabase() === 'sqlite' ? (['sqlite'] as const) : (['sqlite', 'mariadb'] as const);
  const path = file('first.backup');
  const made = await makeBackup(t, path);
  const tables = Object.keys(made.rows_by_table).map(
    name => name.split('.') as ['main' | 'keystore', string],
  );
  const ofMain = tables
    .filter(([side, name]) => side === 'main' && !OTHERWISE.has(name))
    .map(([, name]) => name);
  const ofKeystore = tables.filter(([side]) => side === 'keystore').map(([, name]) => name);
  expect([ofMain.length > 60, ofKeystore]).toEqual([true, ['data_keys', 'keystore_facts']]);
  const { settings } = t.opened;
  const rows = await storedRows(settings.DATABASE_URL.reveal(), ofMain);
  const keys = await storedRows(settings.KEYSTORE_DATABASE_URL.reveal(), ofKeystore);
  // What few requests write has rows like those of the others.
  const empty = ofMain.filter(name => rows[name]!.length === 0);
  expect(empty.filter(name => !MAY_BE_EMPTY.has(name))).toEqual([]);
  expect(rows.recall_index!.length).toBeGreaterThan(2);
  let from = path;
  for (const kind of kinds) {
    const { fresh, environment } = await target(kind);
    await restore(from, environment);
    expect(await storedRows(fresh.url, ofMain)).toEqual(rows);
    expect(await storedRows(fresh.keystoreUrl, ofKeystore)).toEqual(keys);
    expect(await faults(environment)).toEqual([]);
    expect(await verified(environment)).toMatchObject({ ok: true, triggers: [] });
    // Their receivers are those of whoever made the backup.
    const webhooks = await query(fresh.url, 'SELECT is_active, disabled_because FROM webhooks ORDER BY id');
    expect(webhooks.map(one => Number(one.is_active))).toEqual([0, 0]);
    expect(webhooks.at(-1)?.disabled_because).toBe('a backup was restored');
    from = join(fresh.data, 'next.backup');
    const next = await inside(environment, app => app.get(Backups).make(from, NO_TELLING));
    expect(next).toMatchObject({ database: kind, install_id: made.install_id });
  }
});

test('what is written meanwhile is in it as a whole or not at all, with every key that it needs', async () => {
  const told = nothingTold();
  let writing = true;
  /** A client of its own, which has a data key of its own. */
  const written = async (name: string) => {
    const { id } = await t.make('clients', { name: `Written ${name}` });
    const secret = { credential_type: 'password', password: 'CANARY meanwhile' };
    await t.make('credentials', { ...secret, client_id: id, service_name: name });
    return id;
  };
  const write = async (n: number) => {
    for (let count = 0; writing; count++) {
      const id = await written(`${n} ${count}`);
      const items = [1, 2, 3, 4].map(one => ({
        name: `Batch ${n} ${count} ${one}`,
        notes: `batch ${n} ${count}`,
      }));
      const bulk = await t.http('POST', '/api/clients/bulk', { body: { atomic: true, items } });
      expect(bulk.status).toBe(200);
      if (writing && !isMaking) told.acknowledged.add(id);
    }
  };
  let isMaking = false;
  const writers = [1, 2, 3].map(write);
  while (told.acknowledged.size < 3) await new Promise(resolve => setImmediate(resolve));
  isMaking = true;
  const before = (await t.sql('SELECT id FROM clients')).length;
  // Between the two moments somebody always writes, with a key that is new.
  const { connections: main } = t.opened.database;
  const { connections: keystore } = t.opened.keystore;
  const spies = [main, keystore].map(connections => {
    const snapshot = connections.snapshot.bind(connections);
    return jest.spyOn(connections, 'snapshot').mockImplementation(async () => {
      const taken = await snapshot();
      await written(`between, after ${connections === main ? 'main' : 'keystore'}`);
      return taken;
    });
  });
  const made = await makeBackup(t, file('busy.backup'));
  for (const spy of spies) spy.mockRestore();
  writing = false;
  await Promise.all(writers);
  const after = (await t.sql('SELECT id FROM clients')).length;
  expect(after).toBeGreaterThan(made.rows_by_table['main.clients']!);
  expect(made.rows_by_table['main.clients']).toBeGreaterThanOrEqual(before);
  const { fresh, environment } = await target();
  await restore(file('busy.backup'), environment);
  await expectConsistent(fresh.url, told);
  const unopened = await inside(environment, async app => {
    const { reader } = app.get(MainDatabase).connections;
    const found = await Promise.all(allSealedPlaces().map(one => openEvery(reader, app.get(Opener), one)));
    return {
      total: found.reduce((sum, one) => sum + one.total, 0),
      left: found.flatMap(one => one.unopened),
    };
  });
  expect(unopened.total).toBeGreaterThan(3);
  expect(unopened.left).toEqual([]);
  expect(await verified(environment)).toMatchObject({ ok: true });
});

test('logins end, links and approvals too; the trail says from where it goes on', async () => {
  const sharing = sharingOf(t, t.admin);
  const link = await sharing.made({ views: 1 });
  const made = await makeBackup(t, file('links.backup'));
  expect((await sharing.redeem(link.token)).status).toBe(200);
  const { fresh, environment } = await target();
  await restore(file('links.backup'), environment);
  expect(
    await query(
      fresh.url,
      'SELECT sealed, views_left, revoked_because FROM credential_shares WHERE revoked_at IS NOT NULL',
    ),
  ).toEqual(
    expect.arrayContaining([{ sealed: null, views_left: 1, revoked_because: 'a backup was restored' }]),
  );
  expect(await query(fresh.url, 'SELECT id FROM credential_shares WHERE sealed IS NOT NULL')).toEqual([]);
  expect(await query(fresh.url, 'SELECT id FROM logins')).toEqual([]);
  expect(await query(fresh.url, 'SELECT id FROM refresh_tokens')).toEqual([]);
  const [entry] = await query<{ details: string; seq: number; actor_name: string }>(
    fresh.url,
    "SELECT details, seq, actor_name FROM journal WHERE action = 'audit.discontinuity'",
  );
  const { id, created_at, checksum_sha256, version } = made;
  const said = { backup_id: id, created_at, version, checksum_sha256, sealed: made.trail.sealed };
  expect(JSON.parse(entry!.details)).toMatchObject({ taken: made.trail.checkpoint, restored: said });
  expect(entry!.seq).toBeGreaterThan(made.trail.sealed);
  // Numbers go on where they were.
  const [{ last } = { last: 0 }] = await query<{ last: number }>(
    fresh.url,
    'SELECT MAX(n) AS last FROM journal',
  );
  expect(Number(last)).toBeGreaterThan(made.rows_by_table['main.journal']!);
});
