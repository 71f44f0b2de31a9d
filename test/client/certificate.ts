import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isIP, SocketAddress } from 'node:net';

/** A certificate and its key, in PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

/** A value of DER (X.690): its tag, its length, and what is in it. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const time = (at: number) =>
  der(0x18, Buffer.from(`${new Date(at).toISOString().slice(0, 19).replace(/\D/g, '')}Z`));
const named = (name: string) => sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(name)))));
const extension = (id: string, value: Buffer) => sequence(oid(id), der(0x04, value));

const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));
const DAY_MS = 86_400_000;

function addressOf(host: string): Buffer {
  if (isIP(host) === 4) return Buffer.from(host.split('.').map(Number));
  const isLoopback = new SocketAddress({ address: host, family: 'ipv6' }).address === '::1';
  if (!isLoopback) throw new Error('Of IPv6 the own address alone is written here');
  return Buffer.concat([Buffer.alloc(15), Buffer.from([1])]);
}

/** A certificate (RFC 5280) of a name, for a day, signed by another or by itself; with hosts it is a server's. */
function issue(name: string, hosts: string[], by?: { name: string; key: KeyObject }) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const alternatives = hosts.map(host =>
    isIP(host) ? der(0x87, addressOf(host)) : der(0x82, Buffer.from(host)),
  );
  const what =
    hosts.length > 0
      ? extension('551d11', sequence(...alternatives))
      : extension('551d13', sequence(der(0x01, Buffer.from([0xff]))));
  const serial = createHash('sha256').update(name).digest().subarray(0, 8);
  serial[0] = (serial[0] ?? 0) & 0x7f || 1;
  const told = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ECDSA_SHA256,
    named(by?.name ?? name),
    sequence(time(Date.now() - DAY_MS), time(Date.now() + DAY_MS)),
    named(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(what)),
  );
  const signature = sign('sha256', told, by?.key ?? privateKey);
  const bytes = sequence(told, ECDSA_SHA256, der(0x03, Buffer.from([0]), signature));
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    privateKey,
  };
}

/** An authority that nobody knows yet, and servers that it vouches for. */
export function makeAuthority(): { cert: string; vouchFor: (...hosts: string[]) => Certificate } {
  const name = 'Authority of a test';
  const { cert, privateKey } = issue(name, []);
  return {
    cert,
    vouchFor: (...hosts) => {
      const server = issue(hosts.join(), hosts, { name, key: privateKey });
      return { cert: server.cert, key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
    },
  };
}
