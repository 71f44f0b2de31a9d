import { generateKeyPairSync } from 'node:crypto';
import {
  CREDENTIAL_TYPES,
  SECRET_FIELDS,
  SECRETS_OF,
  secretsOfType,
} from '../src/formats/credential-types.js';
import { describeApplication } from '../src/describe-application.js';
import { type Body, startApp, type TestApp } from './app.js';
import { processTime } from './harness/thread-time.js';
import { leastOfTries } from './harness/tries.js';
import {
  CERTIFICATE,
  NAMED_CERTIFICATE,
  NEXT_CERTIFICATE,
  privateKey,
  requiredSecret,
  secretFor,
} from './harness/type-secrets.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const post = async (body: Body) =>
  t.http('POST', '/api/credentials', {
    body: { client_id: await t.client(), service_name: 'Typed', ...body },
  });
const patch = (id: unknown, body: Body) => t.http('PATCH', `/api/credentials/${String(id)}`, { body });
const facts = ({
  key_algorithm,
  key_fingerprint,
  certificate_subject,
  certificate_expires_at,
  expires_at,
}: Body) => ({
  key_algorithm,
  key_fingerprint,
  certificate_subject,
  certificate_expires_at,
  expires_at,
});

describe.each(CREDENTIAL_TYPES)('a %s', type => {
  const { required } = SECRETS_OF[type];

  test('has what it is about, and nothing that does not belong to it', async () => {
    const missing = await post({ credential_type: type });
    expect([missing.status, missing.body.details.errors?.[0]]).toEqual([
      422,
      {
        field: required[0],
        message: expect.stringContaining(`required for the type ${type}`),
        rule: 'required',
      },
    ]);
    for (const field of SECRET_FIELDS.filter(one => !secretsOfType(type).includes(one))) {
      const answer = await post({
        credential_type: type,
        ...requiredSecret(type),
        [field]: secretFor(field),
      });
      expect([answer.status, answer.body.details.errors?.[0]]).toEqual([
        422,
        { field, message: expect.stringContaining(secretsOfType(type).join(', ')), rule: 'secret_field' },
      ]);
    }
  });

  test('cannot lose it by a change, nor in bulk, nor by another type', async () => {
    const { body: made } = await post({ credential_type: type, ...requiredSecret(type) });
    for (const field of required.slice(0, 1))
      expect((await patch(made.id, { [field]: null })).status).toBe(422);
    const other =
      CREDENTIAL_TYPES.find(one => one !== type && !secretsOfType(one).includes(required[0])) ?? type;
    expect((await patch(made.id, { credential_type: other })).status).toBe(422);
    const change = { credential_type: other, [required[0]]: null, ...requiredSecret(other) };
    expect((await patch(made.id, change)).status).toBe(200);
    const items = [{ client_id: await t.client(), service_name: 'Bulk', credential_type: type }];
    const bulk = await t.http('POST', '/api/credentials/bulk', { body: { items } });
    expect(bulk.body.results).toMatchObject([{ status: 422 }]);
  });
});

test('the document has the table', async () => {
  const document = JSON.parse(await describeApplication()) as {
    paths: Record<string, { post: { description: string } }>;
  };
  const { description } = document.paths['/api/credentials']?.post ?? { description: '' };
  expect(description).toContain('| `oauth` | `client_secret` or `token` | `password`, `totp_secret` |');
  for (const type of CREDENTIAL_TYPES) expect(description).toContain(`| \`${type}\` |`);
});

describe('certificates', () => {
  const known = ({ algorithm, fingerprint, subject, expires_at }: typeof CERTIFICATE) => ({
    key_algorithm: algorithm,
    key_fingerprint: fingerprint,
    certificate_subject: subject,
    certificate_expires_at: expires_at,
  });

  test('say of themselves what they are, and when they end', async () => {
    const chain = `subject=…\r\n${CERTIFICATE.pem.replaceAll('\n', '\r\n')}\n${NEXT_CERTIFICATE.pem}`;
    const { body } = await post({
      credential_type: 'certificate',
      certificate: chain,
      private_key: privateKey(),
    });
    expect(facts(body)).toEqual({ ...known(CERTIFICATE), expires_at: CERTIFICATE.expires_at });
    const next = await patch(body.id, { certificate: NEXT_CERTIFICATE.pem });
    expect(facts(next.body)).toEqual({ ...known(NEXT_CERTIFICATE), expires_at: NEXT_CERTIFICATE.expires_at });
    const value = CERTIFICATE.pem;
    const rotated = await t.http('POST', `/api/credentials/${body.id}/rotate`, { body: { value } });
    expect(rotated.body.expires_at).toBe(CERTIFICATE.expires_at);
  });

  test('say who issued them and for which names, here and among what ends', async () => {
    const { pem, issuer, names } = NAMED_CERTIFICATE;
    const { body } = await post({ credential_type: 'certificate', certificate: pem });
    expect(body).toMatchObject({ certificate_issuer: issuer, certificate_names: names });
    const ends = await t.http('GET', '/api/expirations?within_days=3650&kinds=certificate,credential');
    expect(ends.body.items.filter(one => one.id === body.id)).toEqual([]);
    const { id } = (await post({ credential_type: 'certificate', certificate: CERTIFICATE.pem })).body;
    await t.change("UPDATE credentials SET certificate_expires_at = '2020-01-01 00:00:00.000' WHERE id IN (?, ?)", [id, body.id]); // prettier-ignore
    const found = (await t.http('GET', '/api/expirations?kinds=certificate')).body.items;
    expect(found.find(one => one.id === body.id)).toMatchObject({
      name: 'Typed: CN=mail.acme.example',
      certificate: { subject: 'CN=mail.acme.example', issuer, names },
    });
    expect(found.find(one => one.id === id)).toMatchObject({
      certificate: { subject: CERTIFICATE.subject, issuer: CERTIFICATE.subject, names: [] },
    });
    const next = await patch(body.id, { certificate: CERTIFICATE.pem });
    expect(next.body).toMatchObject({ certificate_issuer: CERTIFICATE.subject, certificate_names: [] });
  });

  test('leave a date alone that somebody has chosen', async () => {
    const expires_at = '2030-01-01T00:00:00.000Z';
    const { body } = await post({ credential_type: 'certificate', certificate: CERTIFICATE.pem, expires_at });
    expect(body.expires_at).toBe(expires_at);
    const next = await patch(body.id, { certificate: NEXT_CERTIFICATE.pem });
    expect(facts(next.body)).toEqual({ ...known(NEXT_CERTIFICATE), expires_at });
  });

  test.each([
    ['text', 'CANARY'],
    ['a key', privateKey()],
    ['cut off', CERTIFICATE.pem.slice(0, 300)],
    ['altered', CERTIFICATE.pem.replace(/MII/, 'AII')],
    ['not base64', CERTIFICATE.pem.replace(/MII/, 'M*I')],
  ])('that are %s are refused', async (_what, certificate) => {
    const { status, body } = await post({ credential_type: 'certificate', certificate });
    expect([status, body.details.errors?.[0]?.field]).toEqual([422, 'certificate']);
  });
});

describe('private keys', () => {
  const make = (private_key: string) => post({ credential_type: 'ssh_key', private_key });
  const pem = { format: 'pem' } as const;
  const secret = { cipher: 'aes-256-cbc', passphrase: 'CANARY' };

  test('are named by algorithm and, where it is in the clear, fingerprint', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    const fingerprint = expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/) as unknown;
    const of = async (key: string | Buffer) => {
      const { status, body } = await make(String(key));
      return [status, body.key_algorithm, body.key_fingerprint];
    };
    const pkcs8 = await of(rsa.export({ ...pem, type: 'pkcs8' }));
    expect(pkcs8).toEqual([201, 'RSA 2048', fingerprint]);
    expect(await of(rsa.export({ ...pem, type: 'pkcs1' }))).toEqual(pkcs8);
    expect(await of(ec.export({ ...pem, type: 'sec1' }))).toEqual([201, 'EC P-384', fingerprint]);
    expect(await of(privateKey())).toEqual([201, 'Ed25519', fingerprint]);
    expect(await of(rsa.export({ ...pem, type: 'pkcs8', ...secret }))).toEqual([201, null, null]);
    expect(await of(rsa.export({ ...pem, type: 'pkcs1', ...secret }))).toEqual([201, 'RSA', null]);
  });

  test.each([
    ['text', 'CANARY'],
    ['public', generateKeyPairSync('ed25519').publicKey.export({ ...pem, type: 'spki' })],
    ['a line of authorized_keys', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE CANARY'],
    ['certificates', CERTIFICATE.pem],
    ['cut off', privateKey().slice(0, 60)],
  ])('that are %s are refused', async (_what, key) => {
    const { status, body, text } = await make(String(key));
    expect([status, body.details.errors?.[0]?.field]).toEqual([422, 'private_key']);
    expect(text).not.toContain('CANARY');
  });

  test('hold nobody up, whatever they ask of a reader', async () => {
    const wrap = (label: string, der: Buffer) =>
      `-----BEGIN ${label}-----\n${der.toString('base64')}\n-----END ${label}-----\n`;
    const part = (tag: number, ...content: Buffer[]) => {
      const all = Buffer.concat(content);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(all.length);
      return Buffer.concat([Buffer.from([tag, 0x84]), length, all]);
    };
    const number = (bytes: number) => part(2, Buffer.alloc(bytes, 0x7f));
    const zero = Buffer.from([2, 1, 0]);
    // Its public half is a power modulo a number of 120,000 bits.
    const dsa = part(
      0x30,
      zero,
      part(
        0x30,
        Buffer.from('06072a8648ce380401', 'hex'),
        part(0x30, number(15_000), number(32), number(15_000)),
      ),
      part(4, number(15_000)),
    );
    const rsa = part(0x30, zero, ...Array.from({ length: 8 }, () => number(5_000)));
    const texts = [
      wrap('PRIVATE KEY', dsa),
      wrap('RSA PRIVATE KEY', rsa),
      '-----BEGIN A-----\n'.repeat(3_600),
      `PuTTY-User-Key-File-3: ssh-rsa\nPublic-Lines: 99999999999\n${'A'.repeat(60_000)}`,
    ];
    for (const text of texts) {
      const took = await leastOfTries(1_000, async () => {
        const from = processTime(process.pid);
        expect([201, 422]).toContain((await make(text)).status);
        return processTime(process.pid) - from;
      });
      expect(took).toBeLessThan(1_000);
    }
  });
});
