import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildPrograms } from '../scripts/build.mjs';

/**
 * Compiles sources of Opskeep together, and so with one copy of each.
 *
 * @param {string[]} sources `src/….ts`
 * @returns {Promise<(source: string) => Promise<object>>} the exports of one of them
 */
export async function loaded(sources) {
  // Inside of the project, so that its packages are found; of a process of its own.
  const folder = fileURLToPath(new URL(`../test-output/bench-${process.pid}/`, import.meta.url));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const named = source => source.replace(/\.ts$/, '');
  await buildPrograms(folder, Object.fromEntries(sources.map(source => [named(source), source])));
  return source => import(pathToFileURL(join(folder, `${named(source)}.js`)).href);
}
