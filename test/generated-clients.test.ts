import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startApp, type TestApp } from './app.js';

const ROOT = process.cwd();
const run = promisify(execFile);

/** The requests of a user, as that would write them; it says what it saw. The SDK of sdk/ has tests of its own. */
const BY_HEY_API = `
import { createClient, createCredential, createCustomFieldDefinition, getClient, getCredential, listClients, putClient, revealCredential } from './sdk/index.js';
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
const field = { resource: 'clients', key: 'contract', kind: 'choice', choices: ['gold', 'silver'], default: 'silver' } as const;
await createCustomFieldDefinition({ body: { ...field, choices: [...field.choices] }, throwOnError: true });
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

describe('the client that @hey-api/openapi-ts makes of the document', () => {
  let t: TestApp;
  let url: string;
  let folder: string;
  let said: string;

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
    writeFileSync(join(folder, 'by-hey-api.ts'), BY_HEY_API);
    const args = ['-i', 'openapi.json', '-o', 'sdk', '-c', '@hey-api/client-fetch', '--no-log-file'];
    said = await program('@hey-api/openapi-ts/bin/run.js', ...args);
  }, 240_000);
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

  it('is made without a warning, compiles under strict, and lists, creates, reveals and puts', async () => {
    expect(said).not.toMatch(/warn|error/i);
    await program('typescript/bin/tsc', '-p', '.');
    const { stdout } = await run(process.execPath, [
      join(folder, 'out', 'by-hey-api.js'),
      url,
      t.admin.token,
    ]);
    const name = 'CANARY by hey-api';
    const secret = 'CANARY of hey-api';
    expect(JSON.parse(stdout)).toMatchObject({ got: name, names: [name], opened: secret, revealed: secret });
    expect(await t.sql('SELECT notes FROM clients WHERE name = ?', [name])).toEqual([{ notes: 'put' }]);
  }, 240_000);
});
