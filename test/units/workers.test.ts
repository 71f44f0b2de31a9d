import { systemActor } from '../../src/core/context/actor.js';
import { runAs, runInContext } from '../../src/core/context/request-context.js';
import { WorkersBusyError } from '../../src/core/workers/worker-thread.js';
import { Workers } from '../../src/core/workers/workers.js';

const EASY = { password: 'password', known: [] };
const HARD = { password: 'gEw9 3kfT-pLs2 vXq8', known: [] };
/** Takes the thread some 100 ms. */
const SLOW = { password: '1'.repeat(100), known: [] };
/** Of cost 31: some days of work. */
const ENDLESS = { password: 'canary', hash: `$2b$31$${'abcdefghijklmnopqrstuv'}${'0'.repeat(31)}` };

describe('work beside the event loop', () => {
  let workers: Workers;
  beforeEach(() => (workers = new Workers()));
  afterEach(() => workers.close());

  const score = (input: typeof EASY) => workers.run('passwordScore', input, 5_000);

  it('gives each its own answer, however many are under way', async () => {
    const inputs = Array.from({ length: 60 }, (_, n) => (n % 3 === 0 ? HARD : EASY));
    const scores = await Promise.all(inputs.map(score));
    expect(scores).toEqual(inputs.map(one => (one === HARD ? 4 : 0)));
  });

  it('ends what takes too long, and nothing else', async () => {
    await score(EASY);
    const before = Array.from({ length: 5 }, () => score(HARD));
    const endless = workers.run('bcryptMatches', ENDLESS, 200);
    const after = Array.from({ length: 30 }, () => score(HARD));
    await expect(endless).rejects.toThrow(WorkersBusyError);
    expect(new Set(await Promise.all([...before, ...after]))).toEqual(new Set([4]));
  });

  it('counts the limit of each from its own beginning', async () => {
    await score(EASY);
    const slow = Array.from({ length: 3 }, () => workers.run('bcryptMatches', ENDLESS, 300));
    const last = workers.run('passwordScore', EASY, 1_000);
    const ended = await Promise.allSettled(slow);
    expect(ended.map(one => one.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await last).toBe(0);
  });

  it('refuses whoever would wait behind too many, and whoever waits when it closes', async () => {
    const all = Array.from({ length: 150 }, () => workers.run('bcryptMatches', ENDLESS, 60_000));
    const ended = Promise.allSettled(all);
    await expect(all.at(-1)).rejects.toThrow(WorkersBusyError);
    await workers.close();
    for (const one of await ended)
      expect(one).toMatchObject({ status: 'rejected', reason: expect.any(WorkersBusyError) });
  });

  describe('shared by many', () => {
    const by = <T>(who: string, work: () => T) => runAs(systemActor(who), work);
    /** How many of the slow jobs are done. */
    let done: number;
    const slow = () => score(SLOW).then(() => done++);
    beforeEach(async () => {
      await score(EASY);
      done = 0;
    });
    /** How many slow ones are done while one other waits. */
    const meanwhile = async () => {
      const before = done;
      await by('other', () => score(EASY));
      return done - before;
    };
    /** 250 at once: what waits of one actor is bounded, and the others are refused at once. */
    const flood = (who: string) => Promise.allSettled(Array.from({ length: 250 }, () => by(who, slow)));

    it('takes jobs in turn from all who wait, and refuses nobody for the jobs of others', async () => {
      const floods = [flood('attacker'), flood('accomplice')];
      for (let n = 0; n < 3; n++) expect(await meanwhile()).toBeLessThan(6);
      await workers.close();
      for (const ended of await Promise.all(floods))
        expect(ended.some(({ status }) => status === 'fulfilled')).toBe(true);
    });

    it('is fair to addresses where nobody is logged in', async () => {
      const from = <T>(ip: string, work: () => T) =>
        runInContext({ request_id: ip, ip, user_agent: null }, work);
      const first = Array.from({ length: 40 }, (_, n) =>
        from(`2001:db8::${n + 1}`, () => score(SLOW).then(() => 'one network')),
      );
      const other = from('2001:db8:1::1', () => score(SLOW).then(() => 'another'));
      const ended = Promise.allSettled(first);
      expect(await Promise.race([first[9], other])).toBe('another');
      await workers.close();
      await ended;
    });

    it('hands over one long job at a time, also after short ones', async () => {
      await Promise.all(Array.from({ length: 60 }, () => by('attacker', () => score(EASY))));
      const long = Array.from({ length: 60 }, () => by('attacker', slow));
      const ended = Promise.allSettled(long);
      await long[20];
      expect(await meanwhile()).toBeLessThan(8);
      await workers.close();
      await ended;
    });

    it('lets logins go before scores', async () => {
      const hash = '$2b$04$abcdefghijklmnopqrstuuTWbTzM9Xz7XLm3Q0jH1fV0w5k5vZ0Hy';
      const order: string[] = [];
      const scores = ['a', 'b', 'c', 'd'].map(who =>
        by(who, () => score(SLOW).then(() => order.push('score'))),
      );
      const login = by('e', () => workers.run('bcryptMatches', { password: 'x', hash }, 5_000));
      await Promise.all([...scores, login.then(() => order.push('login'))]);
      expect(order.indexOf('login')).toBe(1);
    });
  });
});
