import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A name server on a free port of 127.0.0.1, which is silent about every name that it does not know. */
export interface NameServer {
  address: string;
  /** IPv4 addresses by name; none says that the name does not exist. */
  names: Map<string, string[]>;
  /** The names that were asked for, in the order in which they came. */
  asked: string[];
  close(): Promise<void>;
}

const A = 1;

/** RFC 1035, written without a line of the house: a question is answered by its own bytes and what follows them. */
function answerTo(question: Buffer, name: string, addresses: string[] | undefined): Buffer {
  const end = 12 + name.length + 2 + 4;
  const isA = question.readUInt16BE(end - 4) === A;
  const given = isA ? (addresses ?? []) : [];
  const answer = Buffer.from(question.subarray(0, end));
  answer.writeUInt16BE(addresses?.length === 0 ? 0x8183 : 0x8180, 2);
  answer.writeUInt16BE(given.length, 6);
  answer.writeUInt32BE(0, 8);
  const records = given.map(one =>
    Buffer.from([0xc0, 12, 0, A, 0, 1, 0, 0, 0, 0, 0, 4, ...one.split('.').map(Number)]),
  );
  return Buffer.concat([answer, ...records]);
}

function nameIn(question: Buffer): string {
  const labels: string[] = [];
  for (let at = 12; question[at]; at += question[at]! + 1)
    labels.push(question.toString('latin1', at + 1, at + 1 + question[at]!));
  return labels.join('.').toLowerCase();
}

export async function startNameServer(): Promise<NameServer> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const server: NameServer = {
    address: `127.0.0.1:${(socket.address() as AddressInfo).port}`,
    names: new Map(),
    asked: [],
    close: async () => void (await new Promise<void>(resolve => socket.close(() => resolve()))),
  };
  socket.on('message', (question, from) => {
    const name = nameIn(question);
    server.asked.push(name);
    if (server.names.has(name))
      socket.send(answerTo(question, name, server.names.get(name)), from.port, from.address);
  });
  return server;
}
