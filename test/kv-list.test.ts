import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApp, type TestApp } from './app.js';

let t: TestApp;
let port: number;
let head: string;
beforeAll(async () => {
  t = await startApp({ settings: { TRUSTED_PROXIES: '127.0.0.1' } });
  port = Number(new URL(await t.listen()).port);
  await t.make('credentials', { client_id: (await t.make('clients', { name: 'Acme' })).id, name: 'wall' });
  head = `Host: localhost\r\nX-Vault-Token: ${t.admin.token}\r\n`;
});
afterAll(() => t.close());

/** Sends pieces, each in a packet of its own, and hears what comes until the server hangs up. */
async function say(...pieces: (string | ((socket: Socket) => Promise<unknown>))[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
  const closed = new Promise(done => socket.once('close', done));
  socket.on('error', () => undefined);
  for (const piece of pieces) {
    if (typeof piece === 'string') socket.write(piece);
    else await piece(socket);
    await sleep(20);
  }
  await closed;
  return heard;
}
const heardOf = (text: string) => text.match(/HTTP\/1\.1 \d+|"keys":\[[^\]]*\]/g) ?? [];
const LISTED = ['HTTP/1.1 200', '"keys":["wall"]'];

test.each([
  ['as a whole', () => [`LIST /v1/secret/metadata/Acme HTTP/1.1\r\n${head}\r\n`]],
  [
    'with a slash behind it, and a query',
    () => [`LIST /v1/secret/metadata/Acme/?list=false HTTP/1.1\r\n${head}\r\n`],
  ],
  [
    'in pieces',
    () => ['LIST /v1/secret/metadata/Acme HTTP/1.1\r\n', head.slice(0, 30), head.slice(30), '\r', '\n'],
  ],
  [
    'with an empty body',
    () => [`LIST /v1/secret/metadata/Acme HTTP/1.1\r\n${head}Content-Length: 0\r\n\r\n`],
  ],
  ['by HTTP/1.0', () => [`LIST /v1/secret/metadata/Acme HTTP/1.0\r\n${head}\r\n`]],
])('LIST is understood %s, answered once, and the connection closed', async (_how, pieces) => {
  const heard = await say(...pieces());
  expect(heardOf(heard)).toEqual(LISTED);
  expect(heard).toMatch(/^connection: close/im);
});

test('a connection that has asked before may ask for a list, and what follows it is not answered', async () => {
  const get = `GET /v1/secret/metadata/Acme/wall HTTP/1.1\r\n${head}\r\n`;
  const list = `LIST /v1/secret/metadata/Acme HTTP/1.1\r\n${head}\r\n`;
  expect(heardOf(await say(get, () => sleep(300), list))).toEqual(['HTTP/1.1 200', ...LISTED]);
  expect(heardOf(await say(list + get))).toEqual(LISTED);
  expect(heardOf(await say(list, get))).toEqual(LISTED);
});

test('a list is refused as everything else, and counted for the address that asks', async () => {
  const list = (more: string) =>
    say(`LIST /v1/secret/metadata/Acme HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`);
  const refused = await list('X-Forwarded-For: 192.0.2.77\r\nX-Vault-Token: hvs.wrong\r\n');
  expect(refused).toMatch(/^HTTP\/1\.1 403 [^]*\{"errors":\["permission denied: /);
  await sleep(100);
  const [entry] = await t.sql(
    "SELECT ip FROM journal WHERE action = 'access.refused' ORDER BY n DESC LIMIT 1",
  );
  expect(entry).toEqual({ ip: '192.0.2.77' });
  expect(heardOf(await list(''))).toEqual(['HTTP/1.1 403']);
});

test.each([
  ['another path', 'LIST /api/clients HTTP/1.1\r\n'],
  ['a path that is none', 'LIST v1/secret HTTP/1.1\r\n'],
  ['another method', 'LIS /v1/secret/metadata HTTP/1.1\r\n'],
  ['half a line', 'LIST /v1/secret/met'],
  ['a head that is none', 'LIST /v1/secret/metadata HTTP/1.1\r\nno header\r\n'],
  ['two lengths', 'LIST /v1/secret/metadata HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n'],
  ['a line in a line', 'LIST /v1/secret/metadata\rX: y HTTP/1.1\r\n'],
])('what is no list is 400, and the connection closed: %s', async (_what, start) => {
  expect(heardOf(await say(`${start}Host: localhost\r\n\r\n`))).toEqual(['HTTP/1.1 400']);
});

test('whoever hangs up before the answer harms nobody', async () => {
  const gone = await say(`LIST /v1/secret/metadata/Acme HTTP/1.1\r\n${head}\r\n`, async socket => {
    socket.destroy();
    return Promise.resolve();
  });
  expect(heardOf(gone).length).toBeLessThanOrEqual(2);
  expect(heardOf(await say(`LIST /v1/secret/metadata/Acme HTTP/1.1\r\n${head}\r\n`))).toEqual(LISTED);
});
