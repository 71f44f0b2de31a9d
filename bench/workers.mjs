/**
 * Two worker processes on one port against one process, on the same rows, in turn, 32 connections: what
 * `serve --workers 2` adds where loader and database have the same two cores.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { inTurn } from './measure.mjs';

const RESULTS = new URL('results/', import.meta.url);
/** Reveals of two over reveals of one. */
const WANTED = 1.25;
const NAMES = ['get', 'reveal', 'create'];

/**
 * Measures, and prints a table; whether reveals reached what is wanted.
 *
 * @param {string} one url of the server that was filled
 * @param {string} two that of one with two workers, on the same databases
 * @param {{ scenarios: object[], ids: string[] }} filled what `bench/opskeep.mjs` answers with
 */
export async function workersInTime(one, two, { scenarios, ids }, { rounds, seconds }) {
  const results = [];
  for (const { name, requests, ids: own = ids } of scenarios.filter(scenario =>
    NAMES.includes(scenario.name),
  )) {
    const job = { requests, ids: own, seconds };
    const medians = await inTurn({ one: { ...job, url: one }, two: { ...job, url: two } }, rounds);
    results.push({ name, ...medians, ratio: medians.two / medians.one });
  }
  const passed = results.every(({ name, ratio }) => name !== 'reveal' || ratio >= WANTED);
  console.log(`\nworkers: two processes over one; wanted of reveals ${WANTED}`);
  console.table(
    results.map(result => ({
      ...result,
      one: Math.round(result.one),
      two: Math.round(result.two),
      ratio: Number(result.ratio.toPrecision(3)),
    })),
  );
  await mkdir(RESULTS, { recursive: true });
  const record = { name: 'workers', wanted: WANTED, passed, results };
  await writeFile(new URL('workers.json', RESULTS), `${JSON.stringify(record, null, 2)}\n`);
  return passed;
}
