import type { Server } from 'node:http';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';

const REQUEST_LINE = /^LIST (\/v1\/[^\s?#]*)(?:\?([^\s#]*))? (HTTP\/1\.[01]\r\n)/;
const relays = new WeakMap<Socket, Relay>();

/** An error of Node's parser. */
export interface ParserError extends Error {
  code?: string;
  /** What it could not read. */
  rawPacket?: Buffer;
}

/**
 * `LIST`, a method of Vault's protocol which Node's parser does not know: the connection is handed to the server anew
 * as one that asks `GET …?list=true`, which means the same there, and is closed after the answer.
 *
 * @returns whether the error is settled by that
 */
export function relayList(server: Server, error: ParserError, socket: Duplex): boolean {
  // A relay is asked for nothing else: what its parser refuses is refused.
  if (!(socket instanceof Socket)) return false;
  const relay = relays.get(socket);
  if (relay) {
    // The parser which gave up tells of everything that comes after.
    if (error.code !== 'HPE_INVALID_METHOD') relay.destroy();
    else if (error.rawPacket) relay.feed(error.rawPacket);
    return true;
  }
  const asked = error.code === 'HPE_INVALID_METHOD' ? error.rawPacket : undefined;
  const packet = asked && asGet(asked);
  if (!packet || isAnswering(socket)) return false;
  const made = new Relay(socket);
  relays.set(socket, made);
  // The pause between two requests ends with this one.
  socket.setTimeout(0);
  server.emit('connection', made);
  made.feed(packet);
  return true;
}

function asGet(packet: Buffer): Buffer | undefined {
  const [line, path, query, version] = REQUEST_LINE.exec(packet.toString('latin1')) ?? [];
  if (line === undefined || path === undefined || version === undefined) return undefined;
  const asked = new URLSearchParams(query);
  asked.set('list', 'true');
  const head = Buffer.from(`GET ${path}?${String(asked)} ${version}Connection: close\r\n`, 'latin1');
  return Buffer.concat([head, packet.subarray(line.length)]);
}

/** Whether an earlier request of the connection has no answer yet: answers must not overtake each other. */
function isAnswering(socket: Socket): boolean {
  return Boolean((socket as Socket & { _httpMessage?: unknown })._httpMessage);
}

/** The socket for whoever is given its first bytes in other words. */
class Relay extends Duplex {
  /** The last of the head that came, where its end may begin; undefined once it is whole. */
  private tail: string | undefined = '';

  constructor(private readonly socket: Socket) {
    super();
    socket.once('close', () => this.destroy());
  }

  /** The head and nothing else: a list has no body, and what follows on the connection has no answer. */
  feed(packet: Buffer): void {
    if (this.tail === undefined) return;
    const text = this.tail + packet.toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    this.push(end < 0 ? packet : packet.subarray(0, end + 4 - this.tail.length));
    this.tail = end < 0 ? text.slice(-3) : undefined;
  }

  get remoteAddress(): string | undefined {
    return this.socket.remoteAddress;
  }

  get remotePort(): number | undefined {
    return this.socket.remotePort;
  }

  override _read(): void {
    // What comes is pushed.
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.socket.write(chunk, encoding, done);
  }

  override _final(done: () => void): void {
    this.socket.end(done);
  }

  override _destroy(_error: Error | null, done: (error?: Error | null) => void): void {
    this.socket.destroy();
    done();
  }
}
