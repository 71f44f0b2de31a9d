import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkersBusyError, WorkerThread } from '../../src/core/workers/worker-thread.js';
import { SQLITE_PACKAGE } from '../../src/formats/sqlite-driver.js';
import { Units } from '../../src/core/database/units.js';
import { startApp, type TestApp } from '../app.js';
import { testDatabase } from '../harness/database.js';
import { leastOfTries } from '../harness/tries.js';

const onSqlite = testDatabase() === 'sqlite' ? describe : describe.skip;

/** Takes some seconds in SQLite, without reading anything. */
const LONG = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000000)
  SELECT COUNT(*) AS total, SUM(unicode_contains('CANARY', 'x')) AS found FROM n`;

const LIMIT_MS = 250;

async function slowestTurn(work: () => Promise<unknown>): Promise<number> {
  return leastOfTries(LIMIT_MS, async () => {
    await sleep(50);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await work();
    await sleep(20);
    delay.disable();
    return delay.max / 1e6;
  });
}

onSqlite('scans of SQLite', () => {
  let t: TestApp;
  let units: Units;
  beforeAll(async () => {
    t = await startApp();
    units = t.app.get(Units);
  });
  afterAll(() => t.close());

  it('see what is committed, at once', async () => {
    for (const name of ['CANARY one', 'CANARY two', 'CANARY ÄÖ']) {
      await t.make('projects', { name });
      const found = await t.http('GET', '/api/projects', {
        query: { q: name.toLowerCase(), count: 'exact' },
      });
      expect(found.body).toMatchObject({ total: 1, items: [{ name }] });
    }
  });

  it('hold up nobody', async () => {
    const slowest = await slowestTurn(async () => {
      expect(await units.sql.scan(LONG)).toEqual([{ total: 5_000_000, found: 0 }]);
    });
    expect(slowest).toBeLessThan(LIMIT_MS);
  });

  it('search a hundred million characters by one request while others are answered', async () => {
    const { id } = await t.make('projects', { name: 'Long' });
    const columns = (await t.sql<{ name: string }>('SELECT name FROM pragma_table_info(?)', ['projects'])).map(one => one.name); // prettier-ignore
    const own: Record<string, string> = {
      id: "printf('01900000-0000-7000-8000-%012d', i)",
      slug: "'long-' || i",
      slug_key: "'long-' || i",
      notes: "replace(hex(zeroblob(35000)), '0', 'a')",
    };
    await t.change(
      `INSERT INTO projects (${columns.join(', ')})
       WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
       SELECT ${columns.map(name => own[name] ?? `projects.${name}`).join(', ')} FROM n, projects WHERE projects.id = ?`,
      [id],
    );
    const query = { q: `${'a'.repeat(199)}b`, count: 'exact' };
    const slowest = await slowestTurn(async () => {
      expect((await t.http('GET', '/api/projects', { query })).body).toMatchObject({ total: 0, items: [] });
    });
    expect(slowest).toBeLessThan(LIMIT_MS);
  });

  it('fail with the code of SQLite and without the statement', async () => {
    const scan = units.sql.scan('SELECT CANARY FROM nowhere').catch((error: unknown) => error);
    expect(await scan).toMatchObject({ code: 'SQLITE_ERROR', message: 'The task select failed' });
    expect(await units.sql.scan('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('cannot write', async () => {
    await expect(units.sql.scan('DELETE FROM users RETURNING id')).rejects.toMatchObject({
      code: 'SQLITE_READONLY',
    });
  });

  it('are ended when they take too long, and the next one works', async () => {
    const script = new URL(`file://${process.cwd()}/src/core/database/sqlite-scan.mjs`);
    const file = t.opened.settings.DATABASE_URL.reveal().slice('sqlite:'.length);
    interface Scans {
      select: { input: { text: string; values: [] }; output: unknown[] };
    }
    const thread = new WorkerThread<Scans>(script, { driver: SQLITE_PACKAGE, file });
    const scan = (text: string, limit_ms: number) => thread.run('select', { text, values: [] }, limit_ms);
    for (let round = 0; round < 3; round++) {
      await expect(scan(LONG, 100)).rejects.toThrow(WorkersBusyError);
      expect(await scan('SELECT 1 AS one', 10_000)).toEqual([{ one: 1 }]);
    }
    const last = expect(scan(LONG, 10_000)).rejects.toThrow(WorkersBusyError);
    await sleep(50);
    await thread.close();
    await last;
  });
});
