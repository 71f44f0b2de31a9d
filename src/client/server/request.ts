import { type Answered, type Asked, parsedBody, UnreachableError } from './request-types.js';

const MOST_BYTES = 8 * 1024 * 1024;

/**
 * One request. Node's own client: `fetch` would cost the hook half as much again as starting Node.js.
 *
 * @throws UnreachableError
 */
export async function request({ method, url, token, body, patience }: Asked): Promise<Answered> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const { request: send } = url.startsWith('https:') ? await import('node:https') : await import('node:http');
  const headers: Record<string, string | number> = { accept: 'application/json' };
  if (token) headers.authorization = `Bearer ${token}`;
  if (text !== undefined) {
    headers['content-type'] = 'application/json';
    headers['content-length'] = Buffer.byteLength(text);
  }
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => {
      clearTimeout(late);
      reject(new UnreachableError(error.code ?? 'error'));
      asked.destroy();
    };
    const asked = send(url, { method, headers, agent: false }, answer => {
      const parts: Buffer[] = [];
      let size = 0;
      answer.on('data', (part: Buffer) => {
        parts.push(part);
        if ((size += part.length) > MOST_BYTES) fail({ code: 'EMSGSIZE' } as NodeJS.ErrnoException);
      });
      answer.on('error', fail);
      answer.on('end', () => {
        clearTimeout(late);
        const retryAfter = Number(answer.headers['retry-after']) || undefined;
        resolve({ status: answer.statusCode ?? 0, body: parsedBody(Buffer.concat(parts)), retryAfter });
      });
    });
    const late = setTimeout(
      () => fail({ code: 'ETIMEDOUT' } as NodeJS.ErrnoException),
      Math.max(1, patience),
    );
    asked.on('error', fail).end(text);
  });
}
