import type {} from './global-setup.js';

/** Runs once after all tests: stops the MariaDB of the run, if there is one, and removes its folder. */
async function globalTeardown(): Promise<void> {
  await globalThis.opskeepMariaDb?.stop();
  globalThis.opskeepMariaDb = undefined;
}

export default globalTeardown;
