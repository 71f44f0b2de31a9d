import { WorkersBusyError } from '../../src/core/workers/worker-thread.js';
import { Workers } from '../../src/core/workers/workers.js';

const EASY = { password: 'password', known: [] };
const HARD = { password: 'gEw9 3kfT-pLs2 vXq8', known: [] };
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
});
