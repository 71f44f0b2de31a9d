import { get } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { startApp, type TestApp } from './app.js';

interface Raw {
  encoding: string | undefined;
  vary: string | undefined;
  /** Known where nothing was written before everything was there. */
  length: string | undefined;
  bytes: Buffer;
}

const LONG = 'Where the keys of the cellar are. '.repeat(100);

describe('compression of answers', () => {
  let t: TestApp;
  let url: string;
  let credential_id: string;

  beforeAll(async () => {
    t = await startApp();
    url = await t.listen();
    const client_id = await t.client();
    await t.make('clients', { notes: LONG });
    await t.make('sites', { client_id, notes: LONG });
    ({ id: credential_id } = await t.make('credentials', {
      client_id,
      notes: LONG,
      credential_type: 'api_key',
      api_key: `CANARY of the cellar ${LONG}`,
    }));
  });
  afterAll(() => t.close());

  function raw(path: string, headers: Record<string, string> = {}): Promise<Raw> {
    const all = { authorization: `Bearer ${t.admin.token}`, 'accept-encoding': 'gzip, br', ...headers };
    return new Promise((resolve, reject) => {
      get(`${url}${path}`, { headers: all }, answer => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          const { 'content-encoding': encoding, 'content-length': length, vary } = answer.headers;
          resolve({ encoding, vary, length, bytes: Buffer.concat(parts) });
        });
        answer.on('error', reject);
      }).on('error', reject);
    });
  }

  it.each(['/api/openapi.json', '/api/docs/swagger-ui-bundle.js', '/api/docs/swagger-ui.css'])(
    'makes %s smaller than a third',
    async path => {
      const plain = await raw(path, { 'accept-encoding': 'identity' });
      expect(plain.encoding).toBeUndefined();
      const small = await raw(path);
      expect(small.encoding).toBe('br');
      expect(small.vary).toContain('accept-encoding');
      expect(brotliDecompressSync(small.bytes).equals(plain.bytes)).toBe(true);
      expect(small.bytes.length).toBeLessThan(plain.bytes.length / 3);
    },
  );

  it.each(['application/json', 'text/csv', 'application/x-ndjson'])(
    'compresses a list of clients as %s',
    async accept => {
      const list = await raw('/api/clients?sort=id', { accept, 'accept-encoding': 'gzip' });
      expect(list.encoding).toBe('gzip');
      const plain = await raw('/api/clients?sort=id', { accept, 'accept-encoding': 'identity' });
      expect(gunzipSync(list.bytes).equals(plain.bytes)).toBe(true);
      expect(plain.bytes.toString()).toContain('keys of the cellar');
    },
  );

  it('compresses the list of a parent, and sends a short answer as it is', async () => {
    expect((await raw(`/api/sites/by-client/${await t.client()}`)).encoding).toBe('br');
    expect((await raw('/api/tags')).encoding).toBeUndefined();
  });

  it.each(['csv', 'ndjson'])('compresses an export as %s while it is written', async format => {
    const path = `/api/clients/export?format=${format}&sort=id`;
    const plain = await raw(path, { 'accept-encoding': 'identity' });
    for (const [encoding, decompressed] of [
      ['br', brotliDecompressSync],
      ['gzip', gunzipSync],
    ] as const) {
      const file = await raw(path, { 'accept-encoding': encoding });
      expect([file.encoding, file.length]).toEqual([encoding, undefined]);
      expect(decompressed(file.bytes).equals(plain.bytes)).toBe(true);
      expect(file.bytes.length).toBeLessThan(plain.bytes.length / 3);
    }
  });

  it.each([
    '/api/credentials',
    '/api/credentials/export',
    '/api/credentials/export?format=ndjson',
    '/api/credentials/by-client/:client',
    '/api/credentials/:id',
    '/api/credentials/:id?reveal=false',
    '/api/credentials/generate?length=256',
    '/api/credential-audit-logs',
  ])('never compresses %s', async path => {
    const answer = await raw(path.replace(':id', credential_id).replace(':client', await t.client()));
    expect(answer.encoding).toBeUndefined();
    expect(answer.bytes.length).toBeGreaterThan(path.includes('generate') ? 256 : 1024);
  });

  it.each([
    ['reveal', ':id/reveal', { reason: 'The cellar is flooded' }],
    ['reveal of several', 'reveal', { ids: [':id'], reason: 'The cellar is flooded' }],
    ['reveal of a version', ':id/versions/1/reveal', { reason: 'The cellar is flooded' }],
    ['rotation that reveals', ':id/rotate', { reveal: true }],
  ])('never compresses a %s', async (_, path, body) => {
    const { status, headers, text } = await t.http(
      'POST',
      `/api/credentials/${path.replace(':id', credential_id)}`,
      {
        body: JSON.stringify(body).replace(':id', credential_id),
        headers: { 'accept-encoding': 'gzip, br' },
      },
    );
    expect([status, headers['content-encoding']]).toEqual([200, undefined]);
    // As long as what is compressed elsewhere.
    expect(text.length).toBeGreaterThan(1024);
    expect(text).toMatch('reason' in body ? /CANARY of the cellar/ : /"api_key":"[^"]{20,}"/);
  });
});
