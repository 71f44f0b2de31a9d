import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';

/** What is read of an answer, and what is kept of it, in bytes. */
const MOST_READ = 65_536;
const MOST_KEPT = 1_000;

export interface Answer {
  code: number;
  /** How it begins. */
  text: string;
}

/**
 * One POST over a connection of its own. Follows no redirect, and reads no more of an answer than it must. Whatever
 * happens after the status has come is not told: the receiver has had its say.
 *
 * @param signal ends it
 * @throws what has kept the status from coming
 */
export function post(
  url: URL,
  body: string,
  {
    headers,
    lookup,
    signal,
  }: { headers: Record<string, string>; lookup: LookupFunction; signal: AbortSignal },
): Promise<Answer> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const options = {
    method: 'POST',
    headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    lookup,
    signal,
    agent: false as const,
    maxHeaderSize: 16_384,
    // Whatever the environment says.
    rejectUnauthorized: true,
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, options, response => {
      const kept: Buffer[] = [];
      let [read, room] = [0, MOST_KEPT];
      const end = () => {
        response.destroy();
        resolve({ code: response.statusCode ?? 0, text: Buffer.concat(kept).toString('utf8') });
      };
      response.on('data', (part: Buffer) => {
        if (room > 0) kept.push(part.subarray(0, room));
        room -= part.length;
        if ((read += part.length) >= MOST_READ) end();
      });
      response.on('error', end);
      response.on('close', end);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
