import { ClientsService } from '../../src/directory/clients/clients.service.js';
import { runAs } from '../../src/core/context/request-context.js';
import { systemActor } from '../../src/core/context/actor.js';
import { Units } from '../../src/core/database/units.js';
import { startApp, type TestApp } from '../app.js';
import { testDatabase } from '../harness/database.js';
import { mainThreadTime } from '../harness/thread-time.js';
import { leastOfTries } from '../harness/tries.js';

const onSqlite = testDatabase() === 'sqlite' ? describe : describe.skip;
const ROWS = 100_000;
const LIMIT_MS = 60;

onSqlite('lists that look at very many rows', () => {
  let t: TestApp;
  let token: string;
  beforeAll(async () => {
    t = await startApp();
    const client_id = await t.client();
    token = (await t.user({ client_access: 'only', client_ids: [client_id] })).token;
    const { id } = await t.make('credentials', { client_id, tags: ['often'] });
    await multiply('credentials', 'id = ?', id, {
      service_name: "'Service ' || (i * 7919 % 100003)",
      created_at: "'2026-01-01 00:00:00.' || (i % 1000)",
    });
    await t.change(
      "INSERT INTO credential_tags (credential_id, tag_id) SELECT credentials.id, tags.id FROM credentials, tags WHERE credentials.id LIKE '01900000-%'",
    );
    // They have their places: what seals entries would work beside what is measured.
    const seq = 'i + 1000000';
    await multiply('journal', "resource_type = 'credential' AND resource_id = ?", id, { seq });
  }, 120_000);
  afterAll(() => t.close());

  /** Many more of a row that is there. */
  async function multiply(table: string, where: string, value: string, more: Record<string, string> = {}) {
    const own: Record<string, string> = { ...more, id: "printf('01900000-0000-7000-8000-%012d', i)" };
    const names = (await t.sql<{ name: string }>('SELECT name FROM pragma_table_info(?)', [table]))
      .map(one => one.name)
      .filter(name => name !== 'n');
    await t.change(
      `INSERT INTO ${table} (${names.join(', ')})
       WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
       SELECT ${names.map(name => own[name] ?? `one.${name}`).join(', ')}
       FROM n, (SELECT * FROM ${table} WHERE ${where} LIMIT 1) one`,
      [value],
    );
  }

  /** What one request has the event loop do, in milliseconds. */
  const workOf = (path: string, as?: string) =>
    leastOfTries(LIMIT_MS, async () => {
      const before = mainThreadTime();
      expect((await t.http('GET', path, as ? { token: as } : {})).status).toBe(200);
      return mainThreadTime() - before;
    });

  it.each([
    '/api/credential-audit-logs',
    '/api/credential-audit-logs?skip=1000000&limit=1',
    '/api/credential-audit-logs?count=exact&limit=1',
    '/api/credential-audit-logs?outcome=refused',
    '/api/credentials?needs_rotation=true',
    '/api/credentials?tags=often',
    '/api/credentials?tags_all=often',
    '/api/credentials?sort=credential_type,service_name',
    '/api/credentials?service_name__startswith=Service&sort=created_at',
  ])('%s', async path => {
    expect(await workOf(path)).toBeLessThan(LIMIT_MS);
  });

  it.each(['/api/credentials', '/api/credentials?sort=-updated_at', '/api/tags'])(
    '%s, of one client alone',
    async path => {
      expect(await workOf(path, token)).toBeLessThan(LIMIT_MS);
    },
  );

  it('show inside of a unit what it has written', async () => {
    const clients = t.app.get(ClientsService);
    const undone = new Error('undone');
    const work = async () => {
      await clients.create({ name: 'Of this unit' });
      const { items, total } = await clients.list({ name__startswith: 'Of this', count: 'exact' });
      expect([items.length, total]).toEqual([1, 1]);
      throw undone;
    };
    const unit = runAs(systemActor('test'), () => t.app.get(Units).run(work));
    await expect(unit).rejects.toBe(undone);
  });
});
