import { buildServer } from './harness/build.js';
import { startCost } from './harness/start-cost.mjs';

// Without the bundle, with the decorators of the document, it is twelve and eleven times.
test('a start costs little more than what it needs', async () => {
  const { server, command } = startCost(await buildServer(), 2);
  expect(server).toBeLessThan(8);
  expect(command).toBeLessThan(7);
}, 240_000);
