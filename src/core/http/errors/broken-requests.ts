import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { v7 as uuidv7 } from 'uuid';

const STATUS: Record<string, number> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

/** What Node's parser refuses before there is a request: answered in the one shape of errors, then hung up. */
export function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (socket.destroyed) return;
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy(error);
  const status = STATUS[error.code ?? ''] ?? 400;
  const message = 'The request is not valid HTTP, too large or too slow';
  const body = JSON.stringify({
    error: message,
    code: 'validation',
    details: { field: 'request', errors: [{ field: 'request', message, rule: 'http' }] },
    path: null,
    request_id: uuidv7(),
  });
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
}
