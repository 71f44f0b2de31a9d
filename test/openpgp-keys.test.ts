import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { startApp, type TestApp } from './app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

/** CRC-24 as a division of polynomials, bit by bit (RFC 9580, 6.1.1). */
function checksum(bytes: Buffer): string {
  let rest = 0xb704cen << BigInt(8 * bytes.length);
  rest ^= BigInt(`0x${bytes.toString('hex')}`) << 24n;
  for (let bit = BigInt(8 * bytes.length) + 23n; bit >= 24n; bit--)
    if ((rest >> bit) & 1n) rest ^= 0x1864cfbn << (bit - 24n);
  return Buffer.from(rest.toString(16).padStart(6, '0'), 'hex').toString('base64');
}

const armour = (bytes: Buffer, sum = `=${checksum(bytes)}\n`, headers = '') =>
  `-----BEGIN PGP PRIVATE KEY BLOCK-----\n${headers}\n${bytes.toString('base64').replace(/.{64}/g, '$&\n')}\n${sum}` +
  '-----END PGP PRIVATE KEY BLOCK-----\n';

/** Packets of the old format with one byte of length, of the new one with one, two and five. */
const packet = (type: number, body: Buffer) =>
  Buffer.concat([Buffer.from([0x80 | (type << 2), body.length]), body]);
const newPacket = (type: number, body: Buffer) => {
  const length = Buffer.from(
    body.length < 192 ? [body.length] : [192 + ((body.length - 192) >> 8), (body.length - 192) & 0xff],
  );
  return Buffer.concat([Buffer.from([0xc0 | type]), length, body]);
};
const secretKey = (algorithm: number) =>
  Buffer.concat([Buffer.from([4, 1, 2, 3, 4, algorithm]), randomBytes(80)]);
const userId = Buffer.from('CANARY <pgp@canary.test>');
const KEY = Buffer.concat([packet(5, secretKey(22)), packet(13, userId)]);

const make = (private_key: string) =>
  t.http('POST', '/api/credentials', {
    body: { credential_type: 'ssh_key', service_name: 'Signing', private_key },
  });

test.each([
  ['of the old format', KEY, 'EdDSA'],
  ['of the new format', Buffer.concat([newPacket(5, secretKey(1)), newPacket(13, randomBytes(900))]), 'RSA'],
  ['of an algorithm of its own', packet(5, secretKey(99)), null],
])('a key %s is taken, and tells its algorithm', async (_, bytes, key_algorithm) => {
  for (const text of [
    armour(bytes),
    armour(bytes, ''),
    armour(bytes, undefined, 'Comment: CANARY\n').replaceAll('\n', '\r\n'),
  ]) {
    const { status, body } = await make(text);
    expect([status, body.key_algorithm]).toEqual([201, key_algorithm]);
  }
});

const whole = armour(KEY);
test.each([
  ['only begins like one', '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nCANARY\n'],
  ['is cut off', whole.slice(0, 120)],
  ['has another checksum', armour(KEY, `=${checksum(randomBytes(9))}\n`)],
  ['has half a checksum', armour(KEY, '=AA\n')],
  ['has lost a packet in the middle', armour(KEY.subarray(0, KEY.length - 5))],
  ['is a public key', armour(packet(6, secretKey(22)))],
  ['is empty', armour(Buffer.from([0x94, 0]))],
  ['is of packets without a length', armour(Buffer.concat([Buffer.from([0x97]), secretKey(22)]))],
])('what %s is refused', async (_, text) => {
  const answer = await make(text);
  expect([answer.status, answer.body.details?.errors?.[0]?.field]).toEqual([422, 'private_key']);
  expect(answer.text).not.toContain('CANARY');
});

test('an encrypted PKCS #8 key is looked at as far as it is open', async () => {
  const secret = { cipher: 'aes-256-cbc', passphrase: 'CANARY' } as const;
  const der = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8', ...secret });
  const pem = (bytes: Buffer) =>
    `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${bytes.toString('base64')}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
  expect((await make(pem(der))).status).toBe(201);
  const plain = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });
  for (const damaged of [
    der.subarray(0, -1),
    Buffer.concat([der, Buffer.from([0])]),
    plain,
    Buffer.from('CANARY'),
  ])
    expect((await make(pem(damaged))).status).toBe(422);
});
