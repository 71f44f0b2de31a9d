import { connect, isIP, type Socket } from 'node:net';
import { type Answered, type Asked, parsedBody, UnreachableError } from './request-types.js';

const MOST_BYTES = 8 * 1024 * 1024;

/**
 * One request over a connection of its own, by HTTP/1.1 as it is written (RFC 9112): loading Node's client would take the
 * hook of a prompt a third of its time, and two clients would be two ways to fail. Follows no redirect.
 *
 * @throws UnreachableError
 */
export async function request({
  method,
  url,
  token,
  body,
  headers = {},
  patience,
}: Asked): Promise<Answered> {
  const { protocol, hostname, port, host, pathname, search } = new URL(url);
  const isSecure = protocol === 'https:';
  const text = body === undefined ? '' : JSON.stringify(body);
  const head = [
    `${method} ${pathname}${search} HTTP/1.1`,
    `host: ${host}`,
    'accept: application/json',
    'accept-encoding: identity',
    'connection: close',
    ...(token ? [`authorization: Bearer ${token.replace(/[^\x21-\x7e]/g, '')}`] : []),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value.replace(/[^\x20-\x7e]/g, '')}`),
    ...(text ? ['content-type: application/json', `content-length: ${Buffer.byteLength(text)}`] : []),
  ].join('\r\n');
  const where = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (isSecure ? 443 : 80) };
  const tls = isSecure ? await import('node:tls') : undefined;
  return new Promise((resolve, reject) => {
    // An address is no name of a server (RFC 6066): its certificate is compared with the host.
    const named = () => (isIP(where.host) ? where : { ...where, servername: hostname });
    const socket: Socket = tls ? tls.connect(named()) : connect(where);
    const parts: Buffer[] = [];
    let [size, expected] = [0, Infinity];
    const fail = (code: string) => {
      clearTimeout(late);
      socket.destroy();
      reject(new UnreachableError(code));
    };
    const late = setTimeout(() => fail('ETIMEDOUT'), Math.max(1, patience));
    const finish = (otherwise: string) => {
      clearTimeout(late);
      socket.destroy();
      const answer = answerIn(Buffer.concat(parts));
      if (answer) resolve(answer);
      else fail(otherwise);
    };
    // A server that refuses a body may answer, and close, before it has all of it.
    socket.on('error', (error: NodeJS.ErrnoException) => finish(error.code ?? 'error'));
    socket.on('data', (part: Buffer) => {
      parts.push(part);
      size += part.length;
      if (expected === Infinity) expected = lengthOf(Buffer.concat(parts));
      if (size > MOST_BYTES) fail('EMSGSIZE');
      else if (size >= expected) finish('EPROTO');
    });
    socket.on('end', () => finish('EPROTO'));
    socket.write(`${head}\r\n\r\n${text}`);
  });
}

/** How many bytes an answer has in all; infinite as long as it does not say so. */
function lengthOf(bytes: Buffer): number {
  const end = bytes.indexOf('\r\n\r\n');
  const head = bytes.toString('latin1', 0, Math.max(end, 0));
  const [, length] = /\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*(?:\r|$)/i.exec(head) ?? [];
  return length === undefined ? Infinity : end + 4 + Number(length);
}

/** The head of an answer, and what stands behind it; undefined when that is none. */
function headIn(bytes: Buffer): { status: number; lines: string[]; rest: Buffer } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  const [start = '', ...lines] = bytes.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.[01] ([1-5]\d\d)/.exec(start)?.[1]);
  return status ? { status, lines, rest: bytes.subarray(end + 4) } : undefined;
}

/** A whole answer, whose end is that of the connection; undefined when it is none. */
export function answerIn(bytes: Buffer): Answered | undefined {
  let head = headIn(bytes);
  // What comes before the answer itself, as 103 does: heads alone, however many.
  while (head && head.status < 200) head = headIn(head.rest);
  if (!head) return undefined;
  const { status, lines, rest } = head;
  const field = (name: string) => {
    const line = lines.find(one => one.toLowerCase().startsWith(`${name}:`));
    return line?.slice(name.length + 1).trim();
  };
  const isChunked = /\bchunked\b/i.test(field('transfer-encoding') ?? '');
  const body = isChunked ? unchunked(rest) : rest;
  const length = Number(field('content-length') ?? body?.length);
  if (!body || body.length < length) return undefined;
  return { status, body: parsedBody(body), retryAfter: Number(field('retry-after')) || undefined };
}

/** Undefined when the last part is missing. */
function unchunked(bytes: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const end = bytes.indexOf('\r\n', at);
    const [digits] =
      /^[0-9a-f]{1,8}(?=[ \t;]|$)/i.exec(bytes.toString('latin1', at, Math.min(end, at + 64))) ?? [];
    const size = end === -1 || digits === undefined ? NaN : parseInt(digits, 16);
    if (Number.isNaN(size) || end + 2 + size > bytes.length) return undefined;
    if (size === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
