import { setTimeout as sleep } from 'node:timers/promises';
import { systemActor } from '../../src/core/context/actor.js';
import { runAs, runInContext } from '../../src/core/context/request-context.js';
import { startApp, type TestApp } from '../app.js';
import { testDatabase } from '../harness/database.js';
import { makeScratch, scratchOf } from '../harness/scratch.js';

const onSqlite = testDatabase() === 'sqlite' ? describe : describe.skip;
const HOLD_MS = 5_000;
const clock = performance.now.bind(performance);

onSqlite('the only writer of SQLite', () => {
  let t: TestApp;
  let s: ReturnType<typeof scratchOf>;
  beforeAll(async () => {
    t = await startApp();
    await makeScratch(t);
    s = scratchOf(t);
  });
  afterAll(() => t.close());
  /** Milliseconds by which the clock is ahead that says how long the writer has been held. */
  let ahead = 0;
  beforeEach(async () => {
    await s.forget();
    ahead = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => clock() + ahead);
  });
  afterEach(() => jest.restoreAllMocks());

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
  /** A unit of one statement after another, for so long by that clock; or until one is refused. */
  const unit = (name: string, ms: number) =>
    s.units.run(async () => {
      await s.mark(name);
      for (const end = performance.now() + ms; performance.now() < end; await sleep(5))
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
    const long = inRequest(() => unit('long', 4 * HOLD_MS)).catch((error: unknown) => error);
    await sleep(20);
    const other = unit('other', 0);
    ahead = HOLD_MS / 2;
    expect(await Promise.race([long, sleep(50, 'it goes on')])).toBe('it goes on');
    ahead = HOLD_MS;
    expect(await long).toMatchObject({
      status: 503,
      message: 'The request would hold the database too long; ask for less at once',
    });
    await other;
    expect(await s.marks()).toEqual(['other']);
  });

  it('is not kept by who goes on after the refusal', async () => {
    const long = inRequest(() =>
      s.units.run(async () => {
        await s.mark('half');
        await sleep(50);
        ahead = HOLD_MS;
        await s.mark('rest').catch(() => undefined);
      }),
    ).catch((error: unknown) => error);
    await sleep(20);
    const other = unit('other', 0);
    expect(await long).toMatchObject({ status: 503 });
    await other;
    expect(await s.marks()).toEqual(['other']);
  });

  it('is left to a request while nobody else waits, and to what is none', async () => {
    const alone = inRequest(() => unit('alone', HOLD_MS + 500));
    await sleep(20);
    ahead = HOLD_MS + 300;
    expect(await alone).toBe('alone');
    ahead = 0;
    const command = runAs(systemActor('import'), () => unit('command', HOLD_MS + 500));
    await sleep(20);
    const other = unit('other', 0);
    ahead = HOLD_MS + 300;
    expect(await command).toBe('command');
    await other;
    expect((await s.marks()).sort()).toEqual(['alone', 'command', 'other']);
  });
});
