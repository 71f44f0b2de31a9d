import { rmSync } from 'node:fs';
import type {} from './global-setup.js';

/** Runs once after all tests: stops the MariaDB of the run, if there is one, and removes its folder. */
async function globalTeardown(): Promise<void> {
  await globalThis.opskeepMariaDb?.stop();
  globalThis.opskeepMariaDb = undefined;
  if (process.env.OPSKEEP_TEST_BEGUN)
    rmSync(process.env.OPSKEEP_TEST_BEGUN, { recursive: true, force: true });
}

export default globalTeardown;
