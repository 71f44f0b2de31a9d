import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type {} from './global-setup.js';

/** Runs once after all tests: stops the MariaDB of the run, if there is one, and removes everything temporary. */
async function globalTeardown(): Promise<void> {
  await globalThis.opskeepMariaDb?.stop();
  globalThis.opskeepMariaDb = undefined;
  if (process.env.OPSKEEP_TEST_BEGUN)
    rmSync(dirname(process.env.OPSKEEP_TEST_BEGUN), { recursive: true, force: true, maxRetries: 20 });
}

export default globalTeardown;
