import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** What `npm start` gives to Node; both sides get it, with those of BENCH_NODE_FLAGS (`--cpu-prof --cpu-prof-dir=…`). */
export const NODE_FLAGS = [
  '--max-semi-space-size=64',
  ...(process.env.BENCH_NODE_FLAGS?.split(' ').filter(Boolean) ?? []),
];

const script = name => fileURLToPath(new URL(name, import.meta.url));

/**
 * Starts the plain server on a free port.
 *
 * @param {string} databaseUrl the `mysql://` url
 * @param {{ table: string, columns: string[] }} selection what it selects
 * @returns {Promise<{ url: string, stop(): Promise<void> }>}
 * @throws Error when it ends instead of listening
 */
export async function startPlainServer(databaseUrl, { table, columns }) {
  const child = spawn(process.execPath, [...NODE_FLAGS, script('plain-server.mjs'), '0', databaseUrl], {
    env: { ...process.env, BENCH_TABLE: table, BENCH_COLUMNS: columns.join(',') },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const url = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([line]) => line),
    exited.then(([code]) => Promise.reject(new Error(`The plain server ended (exit code ${code}).`))),
  ]);
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  return { url, stop };
}

/**
 * Runs load.mjs, which documents the job and the result.
 *
 * @param {object} job
 * @returns {Promise<{ requests_per_second: number, latency: { p50: number, p99: number }, non2xx: number, errors: number }>}
 * @throws Error when it fails, or any answer was not a 2xx: such a run measures nothing
 */
export async function load(job) {
  const child = spawn(process.execPath, [script('load.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(job));
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`The load generator ended with exit code ${code}.`);
  const result = JSON.parse(output);
  if (result.non2xx > 0 || result.errors > 0 || result.requests_per_second === 0) {
    throw new Error(`${job.url} did not answer everything with 2xx: ${output.trim()}`);
  }
  return result;
}
