import { setTimeout as sleep } from 'node:timers/promises';
import { DelayedTask } from '../../src/core/workers/delayed-task.js';

test('what is asked for several times is done once, after the pause', async () => {
  let done = 0;
  let end = () => {};
  const ended = new Promise<void>(resolve => (end = resolve));
  const task = new DelayedTask(
    async () => {
      done++;
      end();
    },
    { pause: 5 },
  );
  for (let n = 0; n < 3; n++) task.soon();
  expect(done).toBe(0);
  await ended;
  await task.now();
  expect(done).toBe(2);
});

test('it is never done twice at a time, and who asks waits until it was', async () => {
  const order: string[] = [];
  const task = new DelayedTask(
    async () => {
      order.push('begin');
      await sleep(1);
      order.push('end');
    },
    { pause: 1 },
  );
  const both = Promise.all([task.now(), task.now()]);
  expect(task.isCalm).toBe(false);
  await both;
  expect(order).toEqual(['begin', 'end', 'begin', 'end']);
  expect(task.isCalm).toBe(true);
});

test('what fails is done again by itself, and rejects for nobody', async () => {
  const errors: unknown[] = [];
  let left = 3;
  let end = () => {};
  const ended = new Promise<void>(resolve => (end = resolve));
  const task = new DelayedTask(
    async () => {
      if (left-- > 0) throw new Error(`away ${left}`);
      end();
    },
    { pause: 1, longestPause: 2, failed: error => void errors.push((error as Error).message) },
  );
  await task.now();
  expect([errors, task.isCalm]).toEqual([['away 2'], false]);
  await ended;
  await task.now();
  expect([errors, task.isCalm]).toEqual([['away 2', 'away 1', 'away 0'], true]);
});
