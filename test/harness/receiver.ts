import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What came, as it came. */
export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  json: Record<string, unknown>;
}

/** A server that takes deliveries, on a free port of 127.0.0.1. */
export interface Receiver {
  url: string;
  port: number;
  got: Received[];
  /** How each is answered, from now on; 204 at first. */
  answer: (response: ServerResponse, received: Received) => void;
  /** Resolves when so many have come. */
  until(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function startReceiver(port = 0): Promise<Receiver> {
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      const received = { headers: request.headers, body, json: JSON.parse(body) as Received['json'] };
      receiver.got.push(received);
      receiver.answer(response, received);
      for (const look of waiting) look();
    });
  });
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${own}/hook`,
    port: own,
    got: [],
    answer: response => void response.writeHead(204).end(),
    until: count =>
      new Promise(resolve => {
        const look = () => {
          if (receiver.got.length < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
  return receiver;
}

/** How many of the signatures of a delivery are right: written from docs/api.md, without a line of the house. */
export function rightSignatures({ headers, body }: Received, secret: string): number {
  const [time = '', ...signatures] = String(headers['opskeep-signature']).split(',');
  const right = createHmac('sha256', secret)
    .update(`${time.replace('t=', '')}.${body}`)
    .digest();
  return signatures.filter(one => timingSafeEqual(Buffer.from(one.replace('v1=', ''), 'hex'), right)).length;
}
