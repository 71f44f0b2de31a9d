import { randomUUID } from 'node:crypto';
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
  // Inside of the project, so that its packages are found; of its own, because a module is loaded once from its place.
  const folder = fileURLToPath(new URL(`../test-output/bench-${randomUUID()}/`, import.meta.url));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const named = source => source.replace(/\.ts$/, '');
  await buildPrograms(folder, Object.fromEntries(sources.map(source => [named(source), source])));
  return source => import(pathToFileURL(join(folder, `${named(source)}.js`)).href);
}
