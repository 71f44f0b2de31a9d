import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ownFile } from '../config/own-file.js';

const FILE = 'openapi.json';
type Encoding = 'br' | 'gzip';

export const readDocument = () => readFileSync(ownFile(FILE));

/**
 * `openapi.json` as it is committed, which a test compares with what the code says: making it would take every start a
 * second and more. Nothing in it depends on settings. Compressed when somebody first asks for it, and kept.
 */
export class CommittedDocument {
  private readonly plain = readDocument();
  private readonly etag = `"${createHash('sha256').update(this.plain).digest('base64url')}"`;
  private readonly compressed = new Map<Encoding, Promise<Buffer>>();

  async answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { 'accept-encoding': accepted = '', 'if-none-match': known = '' } = request.headers;
    const vary = [reply.getHeader('vary') ?? [], 'accept-encoding'].flat().join(', ');
    // The same document in each encoding: a weak tag (RFC 9110, 8.8.1).
    reply.headers({ etag: `W/${this.etag}`, vary, 'cache-control': 'no-cache' });
    if (known.includes(this.etag)) return reply.status(304).send();
    reply.type('application/json; charset=utf-8');
    const encoding = (['br', 'gzip'] as const).find(one => accepts(String(accepted), one));
    if (!encoding) return reply.send(this.plain);
    return reply.header('content-encoding', encoding).send(await this.inEncoding(encoding));
  }

  private inEncoding(encoding: Encoding): Promise<Buffer> {
    const ready = this.compressed.get(encoding) ?? compress(encoding, this.plain);
    this.compressed.set(encoding, ready);
    return ready;
  }
}

/** Off the event loop. */
function compress(encoding: Encoding, plain: Buffer): Promise<Buffer> {
  if (encoding === 'gzip') return promisify(gzip)(plain);
  return promisify(brotliCompress)(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } });
}

/** Whether `Accept-Encoding` names it, and not with `q=0`. */
function accepts(accepted: string, encoding: Encoding): boolean {
  return accepted
    .toLowerCase()
    .split(',')
    .map(one => one.split(';').map(part => part.trim()))
    .some(([name, ...rest]) => name === encoding && !rest.some(one => /^q=0(\.0*)?$/.test(one)));
}
