import { setTimeout as sleep } from 'node:timers/promises';
import { type FreshDatabase, freshDatabase } from './harness/database.js';
import { query } from './harness/query.js';
import { type Receiver, startReceiver } from './harness/receiver.js';
import { call, environmentOf, logIn, type Server, startServer } from './harness/server.js';
import { LONG_AGO } from './harness/webhooks.js';

/** On SQLite there is one server at a time. */
const COUNT = process.env.OPSKEEP_TEST_DATABASE === 'mariadb' ? 2 : 1;
jest.setTimeout(180_000);

let fresh: FreshDatabase;
let receiver: Receiver;
let servers: Server[];
let token: string;
const environment = () => environmentOf(fresh, { WEBHOOK_ALLOW_PRIVATE: '127.0.0.1' });

beforeAll(async () => {
  fresh = await freshDatabase();
  receiver = await startReceiver();
  servers = [await startServer(environment())];
  while (servers.length < COUNT) servers.push(await startServer(environment()));
  token = await logIn(servers[0] as Server);
});
afterAll(async () => {
  await Promise.all((servers ?? []).map(one => one.kill()));
  await receiver?.close();
  await fresh?.drop();
});

const post = (n: number, path: string, body: object) =>
  call(servers[n % servers.length] as Server, 'POST', path, { token, body });
const ids = () => receiver.got.map(one => String(one.json.id));
const delivered = async (count: number) => {
  const text = "SELECT id FROM webhook_deliveries WHERE status = 'delivered'";
  while ((await query(fresh.url, text)).length < count) await sleep(50);
};

test('servers deliver each event once, and one that is killed in the middle leaves none out', async () => {
  const hook = { url: receiver.url, events: ['client.created'] };
  const webhook = (await post(0, '/api/webhooks', hook)).body.id;
  await Promise.all(Array.from({ length: 30 }, (_, n) => post(n, '/api/clients', { name: `Client ${n}` })));
  await delivered(30);
  expect(new Set(ids()).size).toBe(30);
  expect(ids()).toHaveLength(30);

  // The receiver has it, and does not answer: nobody knows what came of it.
  receiver.answer = () => undefined;
  const last = (await post(0, '/api/clients', { name: 'The last one' })).body.id;
  await receiver.until(31);
  await Promise.all(servers.map(one => one.kill()));
  receiver.answer = response => void response.writeHead(200).end();
  await query(fresh.url, 'UPDATE webhooks SET held_until = ?', [LONG_AGO]);
  servers = [await startServer(environment())];
  await delivered(31);
  const again = receiver.got.filter(one => one.json.row_id === last);
  expect(again.map(one => one.json.id)).toEqual([again[0]?.json.id, again[0]?.json.id]);
  expect(ids()).toHaveLength(32);

  // Whoever stops in order gives its lease back.
  const [server] = servers as [Server];
  server.signal('SIGTERM');
  expect((await server.exited).code).toBe(0);
  const [held] = await query(fresh.url, 'SELECT held_until FROM webhooks WHERE id = ?', [webhook]);
  expect(held?.held_until).toBeNull();
});
