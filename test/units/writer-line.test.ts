import { setTimeout as sleep } from 'node:timers/promises';
import { systemActor } from '../../src/core/context/actor.js';
import { runAs, runInContext } from '../../src/core/context/request-context.js';
import { startApp, type TestApp } from '../app.js';
import { testDatabase } from '../harness/database.js';
import { makeScratch, scratchOf } from '../harness/scratch.js';

const onSqlite = testDatabase() === 'sqlite' ? describe : describe.skip;
const HOLD_MS = 5_000;

onSqlite('the only writer of SQLite', () => {
  let t: TestApp;
  let s: ReturnType<typeof scratchOf>;
  beforeAll(async () => {
    t = await startApp();
    await makeScratch(t);
    s = scratchOf(t);
  });
  afterAll(() => t.close());
  beforeEach(() => s.forget());

  const inRequest = <T>(work: () => T) =>
    runInContext(
      {
        request_id: 'a request',
        ip: '192.0.2.1',
        user_agent: null,
        route: { method: 'POST', pattern: '/api/clients/bulk', params: {} },
      },
      work,
    );
  /** A unit of one statement after another, for so long; or until one is refused. */
  const unit = (name: string, ms: number) =>
    s.units.run(async () => {
      await s.mark(name);
      for (const end = Date.now() + ms; Date.now() < end; await sleep(20))
        await s.units.sql.select('SELECT 1 AS one');
      return name;
    });

  it('serves in turn all who wait', async () => {
    const order: string[] = [];
    const write = (who: string, name: string) =>
      runAs(systemActor(who), () => unit(name, 0).then(() => order.push(name)));
    await Promise.all([
      ...['a1', 'a2', 'a3', 'a4'].map(name => write('a', name)),
      ...['b1', 'b2'].map(name => write('b', name)),
    ]);
    expect(order).toEqual(['a1', 'a2', 'b1', 'a3', 'b2', 'a4']);
  });

  it('is taken from a request that holds it too long, and nothing of that is stored', async () => {
    const began = performance.now();
    const long = inRequest(() => unit('long', 20_000)).catch((error: unknown) => error);
    await sleep(500);
    const other = unit('other', 0);
    expect(await long).toMatchObject({
      status: 503,
      message: 'The request would hold the database too long; ask for less at once',
    });
    expect(performance.now() - began).toBeLessThan(HOLD_MS + 3_000);
    await other;
    expect(await s.marks()).toEqual(['other']);
  }, 40_000);

  it('is not kept by who goes on after the refusal', async () => {
    const long = inRequest(() =>
      s.units.run(async () => {
        await s.mark('half');
        await sleep(HOLD_MS + 200);
        await s.mark('rest').catch(() => undefined);
      }),
    ).catch((error: unknown) => error);
    await sleep(100);
    const other = unit('other', 0);
    expect(await long).toMatchObject({ status: 503 });
    await other;
    expect(await s.marks()).toEqual(['other']);
  }, 40_000);

  it('is left to a request while nobody else waits, and to what is none', async () => {
    expect(await inRequest(() => unit('alone', HOLD_MS + 500))).toBe('alone');
    const command = runAs(systemActor('import'), () => unit('command', HOLD_MS + 500));
    await sleep(100);
    await unit('other', 0);
    expect(await command).toBe('command');
    expect((await s.marks()).sort()).toEqual(['alone', 'command', 'other']);
  }, 40_000);
});
