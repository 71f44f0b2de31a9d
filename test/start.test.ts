import { buildServer } from './harness/build.js';
import { startCost } from './harness/start-cost.mjs';

// Without the bundle, with the decorators of the document, a third of the resources cost twelve and eleven times.
// Beside other tests even times of the processor swing by a quarter.
test('a start costs little more than what it needs', async () => {
  const { server, command } = startCost(await buildServer(), 2);
  expect(server).toBeLessThan(10);
  expect(command).toBeLessThan(9);
}, 240_000);
