import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { load } from './processes.mjs';

const RESULTS = new URL('results/', import.meta.url);

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Requests per second of several servers, the median of the rounds, of which each asks all of them in turn.
 *
 * @param {Record<string, object>} jobs of load.mjs, by name
 */
export async function inTurn(jobs, rounds) {
  const names = Object.keys(jobs);
  const runs = Object.fromEntries(names.map(name => [name, []]));
  for (const name of names) await load({ ...jobs[name], seconds: Math.min(jobs[name].seconds, 3) });
  for (let round = 0; round < rounds; round++)
    for (const name of round % 2 === 0 ? names : names.toReversed())
      runs[name].push((await load(jobs[name])).requests_per_second);
  return Object.fromEntries(names.map(name => [name, median(runs[name])]));
}

/** What the plain server is asked: `item` is a point select, `list` a page of 100, `rows` 1,000 rows to store. */
const PLAIN = {
  item: [{ path: '/item/{id}' }],
  list: [{ path: '/list?cursor={id}' }],
  rows: [{ method: 'POST', path: '/rows' }],
};

function row(side, { requests_per_second, latency }) {
  return {
    side,
    'requests/s': Number(requests_per_second.toPrecision(3)),
    'p50 ms': latency.p50,
    'p99 ms': latency.p99,
  };
}

/**
 * Makes the function which compares Opskeep with the plain server.
 *
 * @param {object} setting
 * @param {string} setting.plainUrl
 * @param {string} setting.opskeepUrl
 * @param {string} setting.bufferPool stated in the results
 * @param {number} setting.rounds runs of each side, alternating, so that a slow minute of the machine hits both
 * @param {number} setting.seconds length of one run; one run of each side precedes, unmeasured, as a warm-up, a short one
 *   where requests are short
 * @returns {(name: string, forOpskeep: { requests: object[], ids: (string | number)[], connections?: number },
 *   plainName: 'item' | 'list' | 'rows', minimumRatio: number) => Promise<boolean>} whether the ratio of the medians
 *   (Opskeep / plain) reached the minimum; also prints a table and writes `bench/results/<name>.json`
 */
export function comparison({ plainUrl, opskeepUrl, bufferPool, rounds, seconds }) {
  return async function measure(
    name,
    { requests, ids, connections },
    plainName,
    minimumRatio,
    plainIds = ids,
  ) {
    const jobs = {
      plain: { url: plainUrl, requests: PLAIN[plainName], ids: plainIds, seconds, connections },
      opskeep: { url: opskeepUrl, requests, ids, seconds, connections },
    };
    const runs = { plain: [], opskeep: [] };
    const warmUp = connections === 1 ? Math.max(seconds, 10) : Math.min(seconds, 3);
    for (const job of Object.values(jobs)) await load({ ...job, seconds: warmUp });
    for (let round = 0; round < rounds; round++) {
      // Which side goes first alternates as well.
      const order = round % 2 === 0 ? ['plain', 'opskeep'] : ['opskeep', 'plain'];
      for (const side of order) runs[side].push(await load(jobs[side]));
    }
    const speed = side => median(runs[side].map(run => run.requests_per_second));
    const ratio = speed('opskeep') / speed('plain');
    const passed = ratio >= minimumRatio;

    console.log(`\n${name} (plain: ${plainName}; ${rounds} x ${seconds} s each; buffer pool ${bufferPool})`);
    console.table(Object.entries(runs).flatMap(([side, list]) => list.map(run => row(side, run))));
    console.log(
      `ratio of medians ${ratio.toFixed(3)}, minimum ${minimumRatio}: ${passed ? 'ok' : 'TOO SLOW'}`,
    );

    const medians = { plain: speed('plain'), opskeep: speed('opskeep') };
    const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
    const record = {
      name,
      plainName,
      minimumRatio,
      ratio,
      passed,
      medians,
      runs,
      seconds,
      bufferPool,
      machine,
    };
    await mkdir(RESULTS, { recursive: true });
    await writeFile(new URL(`${name}.json`, RESULTS), `${JSON.stringify(record, null, 2)}\n`);
    return passed;
  };
}
