// Alone: what it measures is the memory of a process.
import { readFileSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import type { FreshDatabase } from '../harness/database.js';
import { multiplied } from '../harness/multiply.js';
import { startProbe } from '../harness/probe.js';
import { query } from '../harness/query.js';
import { call, environmentOf, logIn, type Server, startServer } from '../harness/server.js';
import { startedDatabase } from '../harness/started.js';

const ROWS = 20_000;
/** Characters in each row: the file has 160 million bytes. */
const LONG = 8_000;
/** What the JavaScript heap of the server may hold, in MiB: two thirds of the file. */
const HEAP = 110;
/** What the process may grow by during an export, in MiB. It grows by 5 to 50, whatever the size of the file. */
const GROWTH = 100;
/** The longest that `/health` may take meanwhile, in milliseconds, with a machine that has other things to do. */
const HEALTH_MS = 1_000;

let fresh: FreshDatabase;
let server: Server;
let token: string;
beforeAll(async () => {
  fresh = await startedDatabase();
  const limit = { NODE_OPTIONS: `--max-old-space-size=${HEAP}` };
  server = await startServer(environmentOf(fresh, limit));
  token = await logIn(server);
  const create = async (path: string, body: object) =>
    (await call(server, 'POST', path, { token, body })).body;
  const { id: client_id } = await create('/api/clients', { name: 'The client' });
  await create('/api/sites', { client_id, name: 'The first' });
  await multiply();
}, 120_000);
afterAll(async () => {
  await server?.kill();
  await fresh?.drop();
});

/** As many rows as the only one of the table makes. */
async function multiply(): Promise<void> {
  const [row] = await query(fresh.url, 'SELECT * FROM sites');
  const lite = fresh.url.startsWith('sqlite:');
  const notes = lite ? `replace(hex(zeroblob(${LONG / 2})), '0', 'x')` : `REPEAT('x', ${LONG})`;
  const columns = Object.keys(row ?? {});
  const numbered = { name: 'Site ', name_key: 'key ' };
  const dialect = lite ? 'sqlite' : 'mariadb';
  await query(fresh.url, multiplied(dialect, 'sites', columns, ROWS, numbered, { notes }));
}

/** A line of /proc/<pid>/status in MiB. */
function memory(name: 'VmRSS' | 'VmHWM'): number {
  const text = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1024;
}

/** By how many MiB the process grew at most while something was done. */
async function growth(work: () => Promise<unknown>): Promise<number> {
  const before = memory('VmRSS');
  writeFileSync(`/proc/${server.pid}/clear_refs`, '5');
  await work();
  return memory('VmHWM') - before;
}

function open(format: string, encoding = 'identity'): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${token}`, 'accept-encoding': encoding };
  return new Promise((resolve, reject) => {
    get(`${server.url}/api/sites/export?format=${format}`, { headers }, resolve).on('error', reject);
  });
}

/** The bytes and lines of an answer as they were before it was compressed. */
async function read(answer: IncomingMessage): Promise<{ bytes: number; lines: number }> {
  let bytes = 0;
  let lines = 0;
  const plain = answer.headers['content-encoding'] === 'gzip' ? answer.pipe(createGunzip()) : answer;
  for await (const part of plain as AsyncIterable<Buffer>) {
    bytes += part.length;
    for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) lines += 1;
  }
  return { bytes, lines };
}

test.each([
  ['csv', 'identity', ROWS + 2],
  ['ndjson', 'gzip', ROWS + 1],
])(
  'an export of 20,000 rows as %s, sent as %s, leaves the memory of the server small, and /health answers',
  async (format, encoding, lines) => {
    const probe = startProbe(server);
    try {
      let file = { bytes: 0, lines: 0 };
      let pulse = { slowest: Infinity, answered: 0 };
      const grown = await growth(async () => {
        pulse = await probe.during(async () => (file = await read(await open(format, encoding))));
      });
      expect(file.bytes).toBeGreaterThan(ROWS * LONG);
      expect(file.lines).toBe(lines);
      expect(grown).toBeLessThan(GROWTH);
      expect(pulse.answered).toBeGreaterThan(10);
      expect(pulse.slowest).toBeLessThan(HEALTH_MS);
    } finally {
      probe.stop();
    }
  },
  120_000,
);

test('an export waits for a reader who stops, and keeps nothing for him meanwhile', async () => {
  const grown = await growth(async () => {
    const answer = await open('ndjson');
    await sleep(2_000);
    answer.destroy();
  });
  expect(grown).toBeLessThan(GROWTH);
  expect((await call(server, 'GET', '/health')).status).toBe(200);
}, 120_000);

test('an export ends where its login does, and the file is not taken for whole', async () => {
  const answer = await open('ndjson');
  const began = await new Promise<number>(resolve =>
    answer.once('data', (part: Buffer) => resolve(part.length)),
  );
  answer.pause();
  expect((await call(server, 'POST', '/api/auth/logout', { token })).status).toBeLessThan(300);
  await expect(read(answer)).rejects.toThrow(/aborted/);
  expect(answer.complete).toBe(false);
  expect(began).toBeGreaterThan(0);
}, 120_000);
