import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from './certificate.js';

/** A server that answers as told, and keeps what it was sent. */
export interface Stub {
  url: string;
  /** Bodies, by path. */
  got: { path: string; body: string }[];
  answer: (path: string, body: string) => { status?: number; body?: unknown; wait?: number };
  close(): Promise<void>;
}

export async function startStub(at: { host?: string; tls?: Certificate } = {}): Promise<Stub> {
  const { host = '127.0.0.1', tls } = at;
  const got: Stub['got'] = [];
  const listener: RequestListener = (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const path = request.url ?? '';
      const text = Buffer.concat(parts).toString('utf8');
      got.push({ path, body: text });
      const { status = 200, body = {}, wait = 0 } = stub.answer(path, text);
      const late = setTimeout(() => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      }, wait);
      late.unref();
    });
  };
  const server: Server = tls ? createSecureServer(tls, listener) : createServer(listener);
  await new Promise<void>((done, failed) => server.once('error', failed).listen(0, host, done));
  const { port } = server.address() as AddressInfo;
  const stub: Stub = {
    url: `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    got,
    answer: () => ({ status: 503 }),
    close: async () => {
      server.closeAllConnections();
      await new Promise(done => server.close(done));
    },
  };
  return stub;
}

/** Takes every event, as the server does. */
export function taking(taken: Map<string, { text: string }>): Stub['answer'] {
  return (path, body) => {
    if (!path.endsWith('/memory/events')) return { body: { items: [], markdown: '' } };
    const { events } = JSON.parse(body) as { events: { key: string; text: string }[] };
    const results = events.map(one => {
      const status = taken.has(one.key) ? 'repeated' : 'stored';
      taken.set(one.key, one);
      return { key: one.key, status };
    });
    return { body: { results } };
  };
}
