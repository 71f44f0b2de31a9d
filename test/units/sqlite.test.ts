import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SQLITE_PACKAGE } from '../../src/formats/sqlite-driver.js';
import { startApp, type TestApp } from '../app.js';
import { testDatabase } from '../harness/database.js';
import { makeScratch, scratchOf } from '../harness/scratch.js';

const onSqlite = testDatabase() === 'sqlite' ? describe : describe.skip;

/** Another process that holds the write lock for `ms`, writes one row and commits. */
const OTHER_PROCESS = `
  const [file, ms] = process.argv.slice(1);
  const database = require('${SQLITE_PACKAGE}')(file, { timeout: 5000 });
  database.exec("BEGIN IMMEDIATE; INSERT INTO marks (id) VALUES ('other process')");
  process.stdout.write('locked');
  setTimeout(() => { database.exec('COMMIT'); database.close(); }, Number(ms));
`;

onSqlite('units on SQLite', () => {
  let t: TestApp;
  let s: ReturnType<typeof scratchOf>;
  beforeAll(async () => {
    t = await startApp();
    await makeScratch(t);
    s = scratchOf(t);
  });
  afterAll(() => t.close());
  beforeEach(() => s.forget());

  it('sync every commit to the disk, keep foreign keys, and write ahead', async () => {
    const pragma = async (name: string) =>
      Object.values((await s.units.run(() => s.units.sql.select(`PRAGMA ${name}`)))[0] ?? {})[0];
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('foreign_keys')).toBe(1);
    expect(await pragma('recursive_triggers')).toBe(1);
  });

  it('read on a connection that cannot write', async () => {
    await expect(t.sql("INSERT INTO marks (id) VALUES ('x') RETURNING id")).rejects.toThrow(/readonly/);
  });

  it('wait for another process that writes, without standing in the way of reads', async () => {
    const file = t.opened.settings.DATABASE_URL.reveal().slice('sqlite:'.length);
    const other = spawn(process.execPath, ['-e', OTHER_PROCESS, file, '300'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(other.stdout, 'data');
    const order: string[] = [];
    const write = t
      .http('POST', '/api/clients', { body: { name: 'Waited' } })
      .then(({ status }) => order.push(`write ${status}`));
    const reads = Array.from({ length: 5 }, () =>
      t.http('GET', '/api/clients').then(({ status }) => order.push(`read ${status}`)),
    );
    await Promise.all([write, ...reads, once(other, 'exit')]);
    expect(order).toEqual([...reads.map(() => 'read 200'), 'write 201']);
    expect(await s.marks()).toEqual(['other process']);
    expect((await t.http('GET', '/api/clients', { query: { name: 'Waited' } })).body.total).toBe(1);
  });

  it('queue one behind the other, in the order of their first statements', async () => {
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        s.units.run(async () => {
          await s.mark(`unit ${n}`);
          order.push(n);
        }),
      ),
    );
    expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });
});
