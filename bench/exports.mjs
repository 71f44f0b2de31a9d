/**
 * How fast an export of very many rows streams beside a plain server's stream of the same rows, and how much memory it
 * takes beside an idle server: `npm run bench -- export` (MariaDB), and `-- export-sqlite`. BENCH_EXPORT_ROWS (1000000)
 * makes it shorter. Both sides stream in turn.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { fill } from './lists.mjs';
import { start } from './opskeep.mjs';
import { NODE_FLAGS } from './processes.mjs';

const ROWS = Number(process.env.BENCH_EXPORT_ROWS ?? 1_000_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const LEAST_RATIO = 0.5;
/**
 * Resident memory while it streams, in those of the idle server that has answered lists before: what room V8 gives to
 * young objects (--max-semi-space-size) it takes with any traffic. That of a server that was just started is told beside.
 */
const MOST_MEMORY = 1.5;
const RESULTS = new URL('results/', import.meta.url);

async function startPlain(databaseUrl, columns) {
  const program = fileURLToPath(new URL('plain-stream.mjs', import.meta.url));
  const child = spawn(
    process.execPath,
    [...NODE_FLAGS, program, databaseUrl, 'contacts', columns.join(', ')],
    {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    },
  );
  const [url] = await once(createInterface({ input: child.stdout }), 'line');
  return { url, pid: child.pid, stop: () => child.kill('SIGTERM') };
}

/** Resident memory of a process, in MiB. */
export const resident = pid =>
  Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/** What a morning's lists do. */
async function warm(url, headers) {
  for (let n = 0; n < 100; n++) {
    const answer = await fetch(`${url}/api/contacts?limit=1000`, { headers });
    if (!answer.ok) throw new Error(`lists: ${answer.status}`);
    await answer.arrayBuffer();
  }
}

/** Processor time of a process, in seconds. */
export function processorTime(pid) {
  const parts = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(parts[11]) + Number(parts[12])) / 100;
}

/** Reads a stream to its end: rows and processor seconds of its server, seconds, and the most memory meanwhile. */
async function streamed(url, headers, pid) {
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, resident(pid))), 50);
  const [began, used] = [performance.now(), processorTime(pid)];
  let rows = 0;
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  for await (const bytes of answer.body) for (const byte of bytes) if (byte === 10) rows++;
  clearInterval(watch);
  return { rows, seconds: (performance.now() - began) / 1000, processor: processorTime(pid) - used, most };
}

/** @returns {Promise<boolean>} whether it is fast enough, and takes little enough memory */
export async function exportsInTime(name, [databaseUrl, keystoreUrl], defer) {
  const opskeep = await start(databaseUrl, keystoreUrl);
  defer(() => opskeep.stop());
  const { users, columns } = await fill({ url: opskeep.url, databaseUrl, rows: ROWS });
  const plain = await startPlain(databaseUrl, columns);
  defer(() => plain.stop());
  const files = Object.fromEntries(
    ['ndjson', 'csv'].map(format => [format, `${opskeep.url}/api/contacts/export?format=${format}`]),
  );
  const headers = users.administrator;
  await sleep(3_000);
  const cold = resident(opskeep.pid);
  await warm(opskeep.url, headers);
  await sleep(3_000);
  const idle = resident(opskeep.pid);
  const results = [];
  for (const [format, url] of Object.entries(files)) {
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++)
      rounds.push([await streamed(plain.url, {}, plain.pid), await streamed(url, headers, opskeep.pid)]);
    const best = at => Math.min(...rounds.map(one => one[at].seconds));
    const least = at => Math.min(...rounds.map(one => one[at].processor));
    const most = Math.max(...rounds.map(one => one[1].most));
    const rows = rounds[0][1].rows;
    results.push({
      format,
      plain_rows_a_second: Math.round(rows / best(0)),
      rows_a_second: Math.round(rows / best(1)),
      ratio: Number((best(0) / best(1)).toFixed(2)),
      processor_ratio: Number((least(0) / least(1)).toFixed(2)),
      cold_mib: Math.round(cold),
      idle_mib: Math.round(idle),
      most_mib: Math.round(most),
      memory: Number((most / idle).toFixed(2)),
    });
  }
  // What CSV writes beside, names, quotes and marks, the plain server does not: its ratio is told, and not judged.
  const passed = results.every(one => one.memory <= MOST_MEMORY) && results[0].ratio >= LEAST_RATIO;
  console.log(`\n${name}: ${ROWS} contacts as a stream beside a plain server's`);
  console.table(results);
  await mkdir(RESULTS, { recursive: true });
  await writeFile(
    new URL(`${name}.json`, RESULTS),
    `${JSON.stringify({ name, rows: ROWS, passed, results }, null, 2)}\n`,
  );
  return passed;
}
