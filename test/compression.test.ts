import { get } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { startApp, type TestApp } from './app.js';
import type { Body } from './harness/requests.js';

interface Raw {
  encoding: string | undefined;
  vary: string | undefined;
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
      password: 'CANARY of the cellar',
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
          const { 'content-encoding': encoding, vary } = answer.headers;
          resolve({ encoding, vary, bytes: Buffer.concat(parts) });
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

  it('never compresses what may hold a secret', async () => {
    for (const path of [
      '/api/credentials',
      `/api/credentials/${credential_id}`,
      '/api/credential-audit-logs',
    ]) {
      const answer = await raw(path);
      expect({ path, encoding: answer.encoding }).toEqual({ path, encoding: undefined });
    }
    const revealed = await t.http('POST', `/api/credentials/${credential_id}/reveal`, {
      body: { reason: 'The cellar is flooded' },
      headers: { 'accept-encoding': 'gzip, br' },
    });
    expect(revealed.status).toBe(200);
    expect(revealed.headers['content-encoding']).toBeUndefined();
    expect(JSON.stringify(revealed.body as Body)).toContain('CANARY of the cellar');
  });
});
