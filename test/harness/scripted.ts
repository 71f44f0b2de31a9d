import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came in. */
export interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Scripted {
  url: string;
  seen: Seen[];
  close(): Promise<void>;
}

/** A server that does with each request what it is told, and keeps what came. */
export async function scripted(answer: (response: ServerResponse, request: Seen) => void): Promise<Scripted> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    void request.toArray().then(parts => {
      const one = { method, url, headers, body: Buffer.concat(parts as Buffer[]).toString() };
      seen.push(one);
      answer(response, one);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, close };
}
