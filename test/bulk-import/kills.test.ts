import { setTimeout as sleep } from 'node:timers/promises';
import type { FreshDatabase } from '../harness/database.js';
import { query } from '../harness/query.js';
import { call, environmentOf, logIn, type Server, startServer } from '../harness/server.js';
import { startedDatabase } from '../harness/started.js';

const ROWS = 6_000;

let fresh: FreshDatabase;
let server: Server;
beforeAll(async () => {
  fresh = await startedDatabase();
  server = await startServer(environmentOf(fresh));
}, 180_000);
afterAll(async () => {
  await server?.kill();
  await fresh?.drop();
});

interface Progress {
  state: string;
  rows_done: number;
  created: number;
}
const progress = async () =>
  (await query<Progress>(fresh.url, 'SELECT state, rows_done, created FROM import_jobs'))[0];

it('a server that is killed while it writes loses no row, and doubles none', async () => {
  const token = await logIn(server);
  const { body: client } = await call(server, 'POST', '/api/clients', { token, body: { name: 'Hospital' } });
  const lines = Array.from({ length: ROWS }, (_, n) => `${client.id},Site ${n}\n`);
  // Not waited for: a machine at leisure writes all of it before it answers.
  const answer = fetch(`${server.url}/api/bulk-import/sites`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    body: `client_id,name\n${lines.join('')}`,
  }).then(
    ({ status }) => status,
    () => undefined,
  );
  let killed: Progress | undefined;
  for (let found = await progress(); found?.state !== 'done'; found = await progress()) {
    if (found?.state === 'writing' && found.rows_done > 0) {
      await server.kill();
      killed = await progress();
      break;
    }
    await sleep(5);
  }
  expect([200, 202, undefined]).toContain(await answer);
  expect(killed).toMatchObject({ state: 'writing', rows_done: expect.any(Number) });
  expect(killed?.rows_done).toBeLessThan(ROWS);
  expect(await query(fresh.url, 'SELECT COUNT(*) AS total FROM sites')).toEqual([
    { total: killed?.rows_done },
  ]);
  // As if the half minute were over for which the process that was killed holds the job.
  await query(fresh.url, 'UPDATE import_jobs SET held_until = NULL');
  server = await startServer(environmentOf(fresh));
  for (const end = Date.now() + 60_000; (await progress())?.state !== 'done' && Date.now() < end;)
    await sleep(50);
  expect(await progress()).toEqual({ state: 'done', rows_done: ROWS, created: ROWS });
  const rows = await query<{ total: number }>(fresh.url, 'SELECT COUNT(DISTINCT name) AS total FROM sites');
  const entries = await query(
    fresh.url,
    "SELECT COUNT(*) AS total FROM journal WHERE action = 'site.create'",
  );
  const pieces = await query(fresh.url, 'SELECT COUNT(*) AS total FROM upload_pieces');
  expect([rows, entries, pieces]).toEqual([[{ total: ROWS }], [{ total: ROWS }], [{ total: 0 }]]);
}, 120_000);
