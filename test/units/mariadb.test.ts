import { startApp, type TestApp } from '../app.js';
import { testDatabase } from '../harness/database.js';
import { latch, makeScratch, scratchOf } from '../harness/scratch.js';

const onMariaDb = testDatabase() === 'mariadb' ? describe : describe.skip;

onMariaDb('units on MariaDB', () => {
  let t: TestApp;
  let s: ReturnType<typeof scratchOf>;
  beforeAll(async () => {
    t = await startApp();
    await makeScratch(t);
    s = scratchOf(t);
  });
  afterAll(() => t.close());
  beforeEach(() => s.forget());

  /** Two units that lock the same two rows in opposite order; the second lock waits for both first ones. */
  async function cross(inner: <T>(work: () => Promise<T>) => Promise<T>) {
    const first = { a: latch(), b: latch() };
    const counts = { runs: 0, errors: [] as unknown[], told: 0 };
    const one = (here: 'a' | 'b', there: 'a' | 'b') =>
      s.units.run(async () => {
        counts.runs++;
        s.units.afterCommit(() => counts.told++);
        await s.add(here);
        first[here].open();
        await first[there].opened;
        await inner(() => s.add(there)).catch((error: unknown) => {
          counts.errors.push((error as { errno?: number }).errno);
          throw error;
        });
      });
    await Promise.all([one('a', 'b'), one('b', 'a')]);
    return { ...counts, a: await s.counter('a'), b: await s.counter('b') };
  }

  it('run anew after a deadlock (1213), and tell of themselves once', async () => {
    expect(await cross(work => work())).toEqual({ runs: 3, errors: [1213], told: 2, a: 2, b: 2 });
  });

  it('run anew as a whole when the deadlock came inside of an attempt', async () => {
    expect(await cross(work => s.units.attempt(work))).toEqual({
      runs: 3,
      errors: [1213],
      told: 2,
      a: 2,
      b: 2,
    });
  });

  it('wait for a lock no longer than the server allows, and run anew (1205)', async () => {
    const [locked, release] = [latch(), latch()];
    const holder = s.units.run(async () => {
      await s.add('a');
      locked.open();
      await release.opened;
    });
    await locked.opened;
    let runs = 0;
    const waiting = s.units.run(async () => {
      await s.units.sql.change('SET SESSION innodb_lock_wait_timeout = 1');
      if (++runs === 2) release.open();
      await s.mark(`run ${runs}`);
      await s.add('a');
    });
    await Promise.all([holder, waiting]);
    expect({ runs, marks: await s.marks(), a: await s.counter('a') }).toEqual({
      runs: 2,
      marks: ['run 2'],
      a: 2,
    });
  });

  it.each([
    ['a savepoint that went with its transaction', 'RELEASE SAVEPOINT gone', 6],
    ['a function that is not there', 'SELECT no_such_function()', 1],
  ])('find %s (1305)', async (_, text, attempts) => {
    let runs = 0;
    const failing = s.units.run(async () => {
      runs++;
      await s.units.sql.select(text);
    });
    await expect(failing).rejects.toThrow();
    expect(runs).toBe(attempts);
  });

  it('are never run anew when the connection is lost at the commit', async () => {
    let runs = 0;
    const lost = s.units.run(async () => {
      runs++;
      await s.mark('lost');
      const [own] = await s.units.sql.select<{ id: number }>('SELECT CONNECTION_ID() AS id');
      await t.sql(`KILL ${own?.id}`);
    });
    await expect(lost).rejects.toMatchObject({ status: 503 });
    expect({ runs, marks: await s.marks() }).toEqual({ runs: 1, marks: [] });
    await s.units.run(() => s.mark('next'));
    expect(await s.marks()).toEqual(['next']);
  });

  it('run strictly, in UTC and READ COMMITTED, on every connection', async () => {
    const text = 'SELECT @@sql_mode AS mode, @@time_zone AS zone, @@tx_isolation AS isolation';
    const rows = await Promise.all(
      Array.from({ length: 20 }, () => s.units.run(() => s.units.sql.select<Record<string, string>>(text))),
    );
    for (const [row] of rows) {
      expect(row?.mode).toContain('STRICT_ALL_TABLES');
      expect(row).toMatchObject({ zone: '+00:00', isolation: 'READ-COMMITTED' });
    }
  });
});
