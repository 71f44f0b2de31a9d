import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { request } from '../../src/client/server/request.js';
import { makeAuthority } from './certificate.js';
import { inTime, type Machine, makeMachine, toldBy } from './machine.js';
import { startStub } from './stub.js';

jest.setTimeout(60_000);

const PROMPT = { prompt: 'Which protocol does the gateway speak?' };
const ITEM = { id: 'id-1', type: 'context', title: null, text: 'IKEv2', at: '2026-01-01' };
const hasSix = Object.values(networkInterfaces()).some(all => all?.some(one => one.address === '::1'));

/** A server of bytes, and what is asked of it. */
async function asked(serve: (socket: Socket) => void, body?: unknown) {
  const server = createServer(socket => serve(socket.on('error', () => undefined)));
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  try {
    return await request({ method: 'POST', url, body, patience: 5_000 });
  } finally {
    server.close();
  }
}

describe('a request', () => {
  test('has its answer when that is whole, though nobody hangs up', async () => {
    const answer = await asked(socket => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{"a":');
        setTimeout(() => socket.write('1} '), 20);
      });
      socket.unref();
    });
    expect(answer).toMatchObject({ status: 200, body: { a: 1 } });
  });

  test('has its answer though the server does not read to the end', async () => {
    const answer = asked(
      socket => {
        socket.once('data', () => {
          socket.pause();
          socket.end('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\n{}', () => socket.resetAndDestroy());
        });
      },
      'x'.repeat(8 << 20),
    );
    await expect(answer).resolves.toMatchObject({ status: 413 });
  });

  test('says what is wrong in words, with the code of Node.js', async () => {
    await expect(asked(socket => socket.end('SSH-2.0-x\r\n'))).rejects.toMatchObject({
      code: 'EPROTO',
      message: expect.stringContaining('none of HTTP'),
    });
    const url = 'http://127.0.0.1:9';
    await expect(request({ method: 'GET', url, patience: 5_000 })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      reason: 'ECONNREFUSED: nothing listens there',
    });
  });
});

describe('the hook of a prompt', () => {
  const authority = makeAuthority();
  let machine: Machine;
  beforeAll(async () => (machine = await makeMachine({ token: 'okt_CANARY' })));
  afterAll(() => machine.remove());

  /** What it tells, and the lines that are new in its log. */
  async function recalledFrom(at: Parameters<typeof startStub>[0], name?: string, isKnown = true) {
    const stub = await startStub(at);
    stub.answer = () => ({ body: { items: [ITEM], markdown: '- id-1 IKEv2' } });
    const file = join(machine.home, 'authority.pem');
    writeFileSync(file, authority.cert);
    const before = machine.log().length;
    const url = name ? stub.url.replace('127.0.0.1', name) : stub.url;
    const more = { OPSKEEP_URL: url, ...(isKnown ? { NODE_EXTRA_CA_CERTS: file } : {}) };
    const payload = { ...PROMPT, session_id: url };
    const ran = await inTime(machine, () => machine.hook('UserPromptSubmit', payload, more));
    await stub.close();
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' });
    return { told: toldBy(ran), log: machine.log().slice(before) };
  }

  test('asks over TLS whom an own authority vouches for, by name and by address', async () => {
    const tls = authority.vouchFor('localhost', '127.0.0.1');
    expect((await recalledFrom({ tls })).told).toContain('IKEv2');
    expect((await recalledFrom({ tls }, 'localhost')).told).toContain('IKEv2');
  });

  test('tells nobody else anything, and says why', async () => {
    const unknown = await recalledFrom({ tls: authority.vouchFor('127.0.0.1') }, undefined, false);
    expect(unknown.told).toBe('');
    expect(unknown.log).toMatch(/not reachable \(UNABLE_TO_VERIFY_LEAF_SIGNATURE: .* NODE_EXTRA_CA_CERTS/);
    const other = await recalledFrom({ tls: authority.vouchFor('other.example') });
    expect(other.told).toBe('');
    expect(other.log).toContain('its certificate is for another name');
  });

  (hasSix ? test : test.skip)('asks over IPv6, with and without TLS', async () => {
    expect((await recalledFrom({ host: '::1' })).told).toContain('IKEv2');
    expect((await recalledFrom({ host: '::1', tls: authority.vouchFor('::1') })).told).toContain('IKEv2');
  });
});
