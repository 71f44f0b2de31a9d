import { setTimeout as sleep } from 'node:timers/promises';
import { Periodic } from '../../src/core/workers/periodic.js';

test('it is done again and again, also after it has failed, until it is paused', async () => {
  const errors: unknown[] = [];
  let done = 0;
  let third = () => {};
  const thrice = new Promise<void>(resolve => (third = resolve));
  const periodic = new Periodic(
    async () => {
      done++;
      if (done === 3) third();
      throw new Error(`away ${done}`);
    },
    { every: 2, first: 1, failed: error => errors.push((error as Error).message) },
  );
  expect(done).toBe(0);
  periodic.start();
  periodic.start();
  await thrice;
  periodic.pause();
  await periodic.now();
  const before = done;
  await sleep(10);
  expect(done).toBe(before);
  expect(errors.slice(0, 3)).toEqual(['away 1', 'away 2', 'away 3']);

  periodic.start();
  while (done === before) await sleep(1);
  await periodic.end();
});

test('it is never done twice at a time: times are left out meanwhile, and who asks waits until it was done anew', async () => {
  const order: string[] = [];
  const periodic = new Periodic(
    async () => {
      order.push('begin');
      await sleep(20);
      order.push('end');
    },
    { every: 1 },
  );
  periodic.start();
  while (order.length === 0) await sleep(1);
  while (order.length === 1) await sleep(2);
  periodic.pause();
  const done = order.length;
  await periodic.now();
  // At most one has begun anew meanwhile, and none stands in line.
  expect(order.length - done).toBeLessThanOrEqual(3);
  expect(order.every((what, index) => what === (index % 2 ? 'end' : 'begin'))).toBe(true);
  await Promise.all([periodic.now(), periodic.end()]);
  // What was asked for behind the end is not done any more.
  expect(order.length).toBe(done % 2 ? done + 3 : done + 2);
});

test('who asks has it done behind what is being done, and the end waits for that', async () => {
  const order: string[] = [];
  const periodic: Periodic = new Periodic(
    async () => {
      order.push('begin');
      await sleep(1);
      order.push(periodic.hasEnded ? 'ended' : 'end');
    },
    { every: 60_000 },
  );
  await Promise.all([periodic.now(), periodic.now()]);
  expect(order).toEqual(['begin', 'end', 'begin', 'end']);

  const last = periodic.now();
  while (order.length < 5) await sleep(1);
  await periodic.end();
  expect(order.slice(4)).toEqual(['begin', 'ended']);
  await last;
  periodic.start();
  await periodic.now();
  expect(order.length).toBe(6);
});
