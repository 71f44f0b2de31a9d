import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildInto } from '../scripts/build.mjs';
import { startCost } from '../test/harness/start-cost.mjs';

/** Times that of a plain Fastify: 1.5 s and 1.2 s where that takes a quarter of a second of processor time. */
const MOST = { server: 6.2, command: 5.5 };
const RESULTS = new URL('results/', import.meta.url);

/** Whether the server and a command of the build start in the processor time that they may take; prints both. */
export async function startsInTime(rounds) {
  await buildInto('dist', { ifStale: true });
  const cost = startCost(fileURLToPath(new URL('../dist', import.meta.url)), rounds);
  const passed = Object.entries(MOST).every(([name, most]) => cost[name] <= most);
  console.log(
    `\nstart (processor time beside a plain Fastify, ${cost.plain_ms} ms): ` +
      Object.entries(MOST)
        .map(([name, most]) => `${name} ${cost[name].toFixed(1)} times, at most ${most}`)
        .join('; ') +
      `: ${passed ? 'ok' : 'TOO SLOW'}`,
  );
  await mkdir(RESULTS, { recursive: true });
  await writeFile(
    new URL('start.json', RESULTS),
    `${JSON.stringify({ name: 'start', ...cost, most: MOST, passed }, null, 2)}\n`,
  );
  return passed;
}
