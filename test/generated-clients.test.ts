import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startApp, type TestApp } from './app.js';

const ROOT = process.cwd();
const run = promisify(execFile);

/** What each client does: the same requests, as its users would write them. Answers with what it saw. */
const BY_OPENAPI_FETCH = `
import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';

const [url = '', token = ''] = process.argv.slice(2);
const api = createClient<paths>({ baseUrl: url, headers: { authorization: \`Bearer \${token}\` } });
const wanted: components['schemas']['CreateClient'] = { name: 'CANARY by openapi-fetch' };

const made = await api.POST('/api/clients', { body: wanted });
if (!made.data) throw new Error(JSON.stringify(made.error));
const { id } = made.data;
const got = await api.GET('/api/clients/{id}', { params: { path: { id } } });
const page = await api.GET('/api/clients', { params: { query: { name__in: [wanted.name, 'x'], created_at__gte: '2020-01-01T00:00:00.000Z', limit: 5 } } });
const secret = await api.POST('/api/credentials', {
  body: { client_id: id, credential_type: 'password', service_name: 'Mail', password: 'CANARY of openapi-fetch' },
});
if (!secret.data) throw new Error(JSON.stringify(secret.error));
const path = { id: secret.data.id };
const opened = await api.GET('/api/credentials/{id}', { params: { path, header: { 'X-Opskeep-Reason': 'a trial' } } });
const revealed = await api.POST('/api/credentials/{id}/reveal', { params: { path }, body: { reason: 'a trial' } });
await api.PUT('/api/clients/{id}', { params: { path: { id }, header: { 'If-Match': '"1"' } }, body: { notes: 'put' } });
const field = { resource: 'clients', key: 'contract', kind: 'choice', choices: ['gold', 'silver'], default: 'silver' } as const;
const defined = await api.POST('/api/custom-field-definitions', { body: { ...field, choices: [...field.choices] } });
if (!defined.data) throw new Error(JSON.stringify(defined.error));
const names: string[] | undefined = page.data?.items.map(one => one.name);
console.log(JSON.stringify({ got: got.data?.name, names, opened: opened.data?.password, revealed: revealed.data?.secrets.password }));
`;

const BY_HEY_API = `
import { createClient, createCredential, getClient, getCredential, listClients, putClient, revealCredential } from './sdk/index.js';
import type { CreateClient } from './sdk/index.js';
import { client } from './sdk/client.gen.js';

const [baseUrl = '', token = ''] = process.argv.slice(2);
client.setConfig({ baseUrl, auth: () => token, throwOnError: true });
const wanted: CreateClient = { name: 'CANARY by hey-api' };

const { data: made } = await createClient({ body: wanted, throwOnError: true });
const { id } = made;
const { data: got } = await getClient({ path: { id }, throwOnError: true });
const { data: page } = await listClients({
  query: { name__in: [wanted.name, 'x'], created_at__gte: '2020-01-01T00:00:00.000Z', limit: 5 },
  throwOnError: true,
});
const { data: secret } = await createCredential({
  body: { client_id: id, credential_type: 'password', service_name: 'Mail', password: 'CANARY of hey-api' },
  throwOnError: true,
});
const path = { id: secret.id };
const { data: opened } = await getCredential({ path, headers: { 'X-Opskeep-Reason': 'a trial' }, throwOnError: true });
const { data: revealed } = await revealCredential({ path, body: { reason: 'a trial' }, throwOnError: true });
await putClient({ path: { id }, headers: { 'If-Match': '"1"' }, body: { notes: 'put' }, throwOnError: true });
const names: string[] = page.items.map(one => one.name);
console.log(JSON.stringify({ got: got.name, names, opened: opened.password, revealed: revealed.secrets.password }));
`;

const COMPILER = {
  compilerOptions: {
    target: 'ES2022',
    module: 'NodeNext',
    lib: ['ES2022', 'DOM', 'DOM.Iterable'],
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: false,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    rootDir: '.',
    outDir: 'out',
  },
  include: ['.'],
  exclude: ['out'],
};

describe('clients that generators make of the document', () => {
  let t: TestApp;
  let url: string;
  let folder: string;

  beforeAll(async () => {
    t = await startApp();
    url = await t.listen();
    // Below the project, where the compiler and Node find the packages.
    mkdirSync(join(ROOT, 'test-output'), { recursive: true });
    folder = mkdtempSync(join(ROOT, 'test-output', 'clients-'));
    writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(COMPILER));
    const document = await t.http('GET', '/api/openapi.json', { token: null });
    writeFileSync(join(folder, 'openapi.json'), document.text);
    writeFileSync(join(folder, 'by-openapi-fetch.ts'), BY_OPENAPI_FETCH);
    writeFileSync(join(folder, 'by-hey-api.ts'), BY_HEY_API);
    await Promise.all([
      program('openapi-typescript/bin/cli.js', 'openapi.json', '-o', 'schema.ts'),
      program('@hey-api/openapi-ts/bin/run.js', '-i', 'openapi.json', '-o', 'sdk', '-c', '@hey-api/client-fetch', '--no-log-file'),
    ]); // prettier-ignore
  }, 120_000);
  afterAll(async () => {
    if (folder) rmSync(folder, { recursive: true, force: true });
    await t?.close();
  });

  /** A program of a package, in the folder; an error with what it said. */
  async function program(file: string, ...values: string[]): Promise<string> {
    const call = run(process.execPath, [join(ROOT, 'node_modules', file), ...values], { cwd: folder });
    // A generator may wait for what is typed, unless nothing can be.
    call.child.stdin?.end();
    const { stdout } = await call.catch((error: { stdout?: string; stderr?: string }) => {
      throw new Error(`${file}: ${error.stdout}\n${error.stderr}`);
    });
    return stdout;
  }

  it('compile under strict', async () => {
    await program('typescript/bin/tsc', '-p', '.');
  }, 120_000);

  it.each(['openapi-fetch', 'hey-api'])('list, get, create, reveal and put by %s', async name => {
    const values = [join(folder, 'out', `by-${name}.js`), url, t.admin.token];
    const { stdout } = await run(process.execPath, values);
    const secret = `CANARY of ${name}`;
    expect(JSON.parse(stdout)).toMatchObject({
      got: `CANARY by ${name}`,
      names: [`CANARY by ${name}`],
      opened: secret,
      revealed: secret,
    });
    expect(await t.sql('SELECT notes FROM clients WHERE name = ?', [`CANARY by ${name}`])).toEqual([
      { notes: 'put' },
    ]);
  });
});
