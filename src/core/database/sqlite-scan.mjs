// @ts-check
// The thread behind the scans of SQLite: a reading connection of its own. Plain JavaScript, so that it is the same file
// in the build and under a test runner; the lint checks its types.
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

/** @type {{ driver: string, file: string }} */
const { driver, file } = workerData;
/** @type {typeof import('better-sqlite3')} */
const Database = createRequire(import.meta.url)(driver);
const handle = new Database(file, { readonly: true, timeout: 1_000 });
// Whether a text contains another, which is in lower case already. SQLite's own lower() knows ASCII only, and its LIKE
// takes the time of the product of both lengths.
handle.function(
  'unicode_contains',
  { deterministic: true },
  (/** @type {unknown} */ text, /** @type {unknown} */ sought) =>
    typeof text === 'string' && typeof sought === 'string' && text.toLowerCase().includes(sought) ? 1 : 0,
);

parentPort?.on('message', ({ input: { text, values } }) => {
  const began = performance.now();
  /** @type {{ output?: unknown, failed?: boolean, code?: string }} */
  let answer;
  try {
    answer = { output: handle.prepare(text).all(...values) };
  } catch (error) {
    answer = { failed: true, code: /** @type {{ code?: string }} */ (error).code };
  }
  parentPort?.postMessage({ ...answer, took_ms: performance.now() - began });
});
parentPort?.postMessage('ready');
