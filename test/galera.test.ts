// Alone: it starts a cluster of databases of its own.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createPool } from 'mysql2';
import { MariadbConnections } from '../src/core/database/mariadb-connections.js';
import { transact } from '../src/core/database/transact.js';
import { expectConsistent, nothingTold, write } from './harness/crash.js';
import { testDatabase } from './harness/database.js';
import { type Galera, startGalera } from './harness/galera.mjs';
import { query } from './harness/query.js';
import { type Answered, call, environmentOf, logIn, type Server, startServer } from './harness/server.js';

jest.setTimeout(300_000);

/** Seconds of load; by command more (CONTRIBUTING.md). */
const SECONDS = Number(process.env.GALERA_SECONDS ?? 4);
/** Until the others serve, in milliseconds. */
const TAKEN_OVER_MS = 5_000;
const key = () => randomBytes(32).toString('hex');

let cluster: Galera;
let servers: Server[];
let token: string;
const folders: string[] = [];

const sql = <T = Record<string, unknown>>(node: number, text: string, values: (string | number)[] = []) =>
  query<T>(cluster.nodes[node]!.url('opskeep'), text, values);

/** A server on this node. */
async function serve(node: number, keys: Record<string, string>): Promise<Server> {
  const data = await mkdtemp(join(tmpdir(), 'opskeep-galera-'));
  folders.push(data);
  const { url } = cluster.nodes[node]!;
  const where = {
    url: url('opskeep'),
    keystoreUrl: url('opskeep_keys'),
    data,
    drop: () => Promise.resolve(),
  };
  return startServer(environmentOf(where, keys));
}

(testDatabase() === 'mariadb' ? describe : describe.skip)(
  'two servers on two of three nodes of Galera',
  () => {
    beforeAll(async () => {
      cluster = await startGalera(3);
      for (const name of ['opskeep', 'opskeep_keys'])
        await query(cluster.nodes[0]!.url('mysql'), `CREATE DATABASE ${name}`);
      const keys = { API_KEY_MASTER_KEY: key(), JWT_SECRET_KEY: key(), MASS_REVEAL_LIMIT: '0' };
      servers = [await serve(0, keys), await serve(1, keys)];
      token = await logIn(servers[0]!);
    });
    afterAll(async () => {
      await Promise.all((servers ?? []).map(one => one.kill()));
      await cluster?.stop();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    });

    const post = (server: Server, path: string, body: unknown) => call(server, 'POST', path, { token, body });
    const failures = async () => {
      const text =
        "SHOW STATUS WHERE Variable_name IN ('wsrep_local_cert_failures', 'wsrep_local_bf_aborts')";
      const rows = [await sql<{ Value: string }>(0, text), await sql<{ Value: string }>(1, text)].flat();
      return rows.reduce((sum, row) => sum + Number(row.Value), 0);
    };
    const verified = async (server: Server) => (await post(server, '/api/audit/verify', {})).body;
    const untilSealed = async (node: number) => {
      for (let tries = 0; tries < 600; tries++, await sleep(100))
        if ((await sql(node, 'SELECT n FROM journal WHERE seq IS NULL LIMIT 1')).length === 0) return;
      throw new Error('Not everything was sealed');
    };

    test('what both write at once to one row is refused by the cluster, repeated as a whole, and nothing is lost', async () => {
      const { id } = (await post(servers[0]!, '/api/clients', { name: 'CANARY contended' })).body;
      const before = await failures();
      const change = (server: Server, n: number) =>
        call(server, 'PATCH', `/api/clients/${id}`, { token, body: { notes: `CANARY ${server.port} ${n}` } });
      const answers: Answered[] = [];
      for (let n = 0; n < 30; n++) answers.push(...(await Promise.all(servers.map(one => change(one, n)))));
      expect(answers.map(one => one.status).filter(status => status !== 200)).toEqual([]);
      expect(await failures()).toBeGreaterThan(before);
      const [row] = await sql<{ version: number }>(0, 'SELECT version FROM clients WHERE id = ?', [id]);
      const entries = await sql(
        0,
        "SELECT id FROM journal WHERE resource_id = ? AND action = 'client.update'",
        [id],
      );
      expect([row?.version, entries.length]).toEqual([1 + answers.length, answers.length]);
    });

    test('a rule about several rows holds for what both change at once', async () => {
      const outcomes: number[][] = [];
      for (let n = 0; n < 12; n++) {
        const made = await Promise.all(
          servers.map(one => post(one, '/api/tasks', { title: `CANARY part ${n}` })),
        );
        const [one = '', other = ''] = made.map(answer => answer.body.id);
        for (
          let tries = 0;
          tries < 100 && (await sql(0, 'SELECT id FROM tasks WHERE id IN (?, ?)', [one, other])).length < 2;
          tries++
        )
          await sleep(10);
        const below = (server: Server, id: string, parent_task_id: string) =>
          call(server, 'PATCH', `/api/tasks/${id}`, { token, body: { parent_task_id } });
        const answers = await Promise.all([below(servers[0]!, one, other), below(servers[1]!, other, one)]);
        outcomes.push(answers.map(answer => answer.status).sort());
      }
      expect(outcomes).toEqual(outcomes.map(() => [200, 409]));
    });

    test('a transaction that a node has undone without saying so commits nothing, and its unit is repeated', async () => {
      const pool = createPool({ uri: cluster.nodes[0]!.url('opskeep'), connectionLimit: 1 });
      const connections = await MariadbConnections.open(pool);
      const take = 'INSERT INTO cluster_locks (slot, taken) VALUES (?, 1)';
      const taken = () => sql(0, 'SELECT slot FROM cluster_locks WHERE slot >= 5000 ORDER BY slot');
      try {
        let tries = 0;
        await transact({ connections }, async one => {
          await one.change(take, [5_000 + tries++]);
          // What the node does for a write of another node, with its answer to a SELECT already on its way.
          if (tries === 1) await one.select('ROLLBACK');
          await one.change(take, [5_100 + tries]);
        });
        expect([tries, await taken()]).toEqual([2, [{ slot: 5_001 }, { slot: 5_102 }]]);
        await connections.commitOne('DELETE FROM cluster_locks WHERE slot >= ?', [5_000]);
        expect(await taken()).toEqual([]);
      } finally {
        await promisify(pool.end.bind(pool))();
      }
    });

    test('sequencers on both nodes give each entry one place, without gaps', async () => {
      const told = servers.map(() => nothingTold());
      const ends = Date.now() + SECONDS * 1_000;
      await Promise.all(
        servers.flatMap((one, n) => [1, 2].map(() => write(one, token, told[n]!, () => Date.now() > ends))),
      );
      for (const { statuses } of told) expect([...statuses].filter(status => status >= 400)).toEqual([]);
      await untilSealed(0);
      const [places] = await sql<{ most: number; count: number; entries: number }>(
        0,
        'SELECT MAX(seq) AS most, COUNT(DISTINCT seq) AS count, COUNT(*) AS entries FROM journal',
      );
      expect([Number(places?.most), Number(places?.count)]).toEqual(
        [places?.entries, places?.entries].map(Number),
      );
      for (const server of servers) expect(await verified(server)).toMatchObject({ ok: true, faults: [] });
      await expectConsistent(cluster.nodes[1]!.url('opskeep'), {
        acknowledged: new Set(told.flatMap(one => [...one.acknowledged])),
        statuses: new Set(),
      });
    });

    test('a node is killed under load: the other server goes on, nothing acknowledged is lost, the trail verifies', async () => {
      const secret = { credential_type: 'password', service_name: 'Mail', password: 'CANARY of a node' };
      const { id } = (await post(servers[0]!, '/api/credentials', secret)).body;
      const told = nothingTold();
      let stopped = false;
      const revealed: number[] = [0, 0];
      /** When the second server has answered a write, and when a reveal. */
      const written: number[] = [];
      const opened: number[] = [];
      const load = (server: Server, n: number) => [
        (async () => {
          while (!stopped) await write(server, token, told, () => stopped);
        })(),
        (async () => {
          while (!stopped) {
            const answer = await call(server, 'GET', `/api/credentials/${id}`, { token });
            if (answer.status !== 200) continue;
            revealed[n]! += 1;
            if (n === 1) opened.push(performance.now());
          }
        })(),
        (async () => {
          for (let count = 0; n === 1 && !stopped; count++) {
            const answer = await post(server, '/api/clients', { name: `CANARY over ${count}` });
            if (answer.status !== 201) continue;
            told.acknowledged.add(answer.body.id);
            written.push(performance.now());
          }
        })(),
      ];
      const loads = servers.flatMap(load);
      await sleep((SECONDS * 1_000) / 2);
      const killed = performance.now();
      await cluster.nodes[0]!.kill();
      for (let tries = 0; tries < 300 && !(written.at(-1)! > killed + 2_000); tries++) await sleep(100);
      await sleep((SECONDS * 1_000) / 2);
      const ready = await call(servers[0]!, 'GET', '/health/ready');
      stopped = true;
      await Promise.all(loads);
      const ended = performance.now();

      const longest = (times: number[]) =>
        Math.max(...[...times, ended].slice(1).map((time, n) => time - Math.max(killed, times[n]!)));
      expect(longest(written)).toBeLessThan(TAKEN_OVER_MS);
      expect(longest(opened)).toBeLessThan(TAKEN_OVER_MS);
      expect([ready.status, ready.body.checks]).toMatchObject([
        503,
        { database: 'failed', keystore: 'failed' },
      ]);
      expect([...told.statuses].filter(status => status >= 400 && status !== 503)).toEqual([]);
      await untilSealed(1);
      await expectConsistent(cluster.nodes[1]!.url('opskeep'), told);
      const reveals = await sql(
        1,
        "SELECT id FROM journal WHERE resource_id = ? AND action = 'credential.decrypt'",
        [id],
      );
      expect(reveals.length).toBeGreaterThanOrEqual(revealed[0]! + revealed[1]!);
      expect(await verified(servers[1]!)).toMatchObject({ ok: true, faults: [] });
    });
  },
);
