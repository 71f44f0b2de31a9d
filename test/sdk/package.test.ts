import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, stop } from 'esbuild';
import { ADMIN_PASSWORD, startApp, type TestApp } from '../app.js';
import { type Browser, missingBrowser, startBrowser } from '../harness/browser.js';
import { type Scripted, scripted } from '../harness/scripted.js';

const ROOT = process.cwd();
const COMPILER = {
  compilerOptions: {
    ...{ target: 'ES2022', module: 'NodeNext', lib: ['ES2022', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'] },
    ...{ strict: true, noUncheckedIndexedAccess: true, types: [], outDir: 'out', rootDir: '.' },
  },
  files: ['readme.ts', 'wrong.ts', 'page.ts'],
};
/** What does not fit is no program: each line is refused by the compiler. */
const WRONG = `
import { createOpskeep } from '@opskeep/sdk';
const opskeep = createOpskeep({ url: 'http://localhost:8000' });
// @ts-expect-error There is no such path.
await opskeep.GET('/api/nothing');
// @ts-expect-error The id is missing.
await opskeep.GET('/api/clients/{id}');
// @ts-expect-error A client has a name.
await opskeep.POST('/api/clients', { body: {} });
// @ts-expect-error A port is a number.
await opskeep.GET('/api/clients', { params: { query: { limit: 'many' } } });
// @ts-expect-error Nothing of a client is named so.
(await opskeep.GET('/api/clients/{id}', { params: { path: { id: '' } } })).data.nmae;
// @ts-expect-error What pages a list is not the caller's.
opskeep.pages('/api/clients', { params: { query: { cursor: 'x' } } });
// @ts-expect-error A page of HTML is a file.
await opskeep.GET('/api/reports/time-and-money', { params: { query: { format: 'html' } } });
// @ts-expect-error As an object a report comes by GET.
await opskeep.report('time-and-money', { month: '2026-01', format: 'json' });
// @ts-expect-error There is no such report.
await opskeep.report('nothing', { format: 'csv' });
// @ts-expect-error No file is brought into it.
await opskeep.import('audit', 'name');
// @ts-expect-error It is no list.
opskeep.pages('/api/auth/me');
`;
const PAGE = `
import { createOpskeep, OpskeepError } from '@opskeep/sdk';
import type { Tokens } from '@opskeep/sdk';
const storage = {
  load: () => JSON.parse(localStorage.getItem('opskeep') ?? 'null') as Tokens | null,
  save: (tokens: Tokens | null) => localStorage.setItem('opskeep', JSON.stringify(tokens)),
};
const trial = async (url: string, password: string) => {
  const login = () => ({ email: 'admin@localhost', password });
  const opskeep = createOpskeep({ url, login, storage, retries: 0 });
  const { data, response } = await opskeep.POST('/api/clients', { body: { name: 'By a page' } });
  const names: string[] = [];
  for await (const client of opskeep.pages('/api/clients', { params: { query: { limit: 1 } } })) names.push(client.name);
  for await (const row of opskeep.rows('/api/clients/export')) names.push(String(row.name));
  const twice = await opskeep.POST('/api/clients', { body: { name: data.name } }).catch((error: unknown) => error);
  const code = twice instanceof OpskeepError ? twice.code : 'none';
  localStorage.setItem('opskeep', JSON.stringify({ ...storage.load(), access_token: 'not.a.token' }));
  const resumed = createOpskeep({ url, storage, retries: 0 });
  await Promise.all(Array.from({ length: 9 }, () => resumed.GET('/api/auth/me')));
  return { names, code, etag: response.headers.get('etag'), request: response.headers.get('x-request-id') !== null };
};
Object.assign(globalThis, {
  trial: (url: string, password: string) => trial(url, password).catch((error: unknown) => String(error)),
});
`;

let t: TestApp;
let url: string;
let folder: string;
let file: string;
let page: Scripted;
let script = '';

beforeAll(async () => {
  page = await scripted((response, { url: path }) =>
    path === '/page.js'
      ? response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
      : response
          .writeHead(200, { 'content-type': 'text/html' })
          .end('<title>A page</title><script type=module src=/page.js></script>'),
  );
  t = await startApp({ settings: { CORS_ORIGINS: page.url } });
  url = await t.listen();
  folder = mkdtempSync(join(tmpdir(), 'opskeep-sdk-'));
  file = (await node(join(ROOT, 'scripts', 'sdk.mjs'), '--pack', '--out', folder)).trim();
  writeFileSync(join(folder, 'package.json'), '{"type": "module", "private": true}');
  // Its only package, and that of this, from here: the network is not asked.
  const packages = ['openapi-fetch', 'openapi-typescript-helpers'].map(name =>
    join(ROOT, 'node_modules', name),
  );
  const quiet = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--install-links'];
  await run('npm', 'install', ...quiet, file, ...packages);
  writeFileSync(join(folder, 'readme.ts'), readmeLines());
  writeFileSync(join(folder, 'wrong.ts'), WRONG);
  writeFileSync(join(folder, 'page.ts'), PAGE);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(COMPILER));
}, 240_000);
afterAll(async () => {
  await stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
  await page?.close();
  await t?.close();
});

/** What a program says; beside it the server of this process answers. */
async function run(program: string, ...args: string[]): Promise<string> {
  const done = promisify(execFile)(program, args, { cwd: folder, encoding: 'utf8' });
  const { stdout } = await done.catch((error: { stdout?: string; stderr?: string }) => {
    throw new Error(`${args.join(' ')}: ${error.stdout}\n${error.stderr}`);
  });
  return stdout;
}
const node = (...args: string[]) => run(process.execPath, ...args);

/** The blocks of the README as one program, of this server. */
function readmeLines(): string {
  const text = readFileSync(join(ROOT, 'sdk', 'README.md'), 'utf8');
  const blocks = [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, lines = '']) => lines);
  expect(blocks.length).toBeGreaterThan(5);
  return `${blocks.join('\n')}\nexport { next };\n`
    .replaceAll('http://localhost:8000', url)
    .replaceAll('lantern orbit 42 velvet', ADMIN_PASSWORD);
}

/** Bytes of a program for a browser. */
async function bundled(source: string, minify = true): Promise<string> {
  const stdin = { contents: source, resolveDir: folder, loader: 'ts' as const };
  const { outputFiles } = await build({
    stdin,
    bundle: true,
    minify,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

test('holds what runs, and its types', async () => {
  const names = (await run('tar', 'tzf', file)).trim().split('\n');
  const shipped = /^package\/(package\.json|README\.md|dist\/[a-z]+\.(js|d\.ts))$/;
  expect(names.filter(name => !shipped.test(name))).toEqual([]);
  expect(names).toEqual(expect.arrayContaining(['package/dist/index.js', 'package/dist/schema.d.ts']));
});

test('compiles under strict, refuses what does not fit, and does what the README says', async () => {
  await node(join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.');
  const lines = (await node('out/readme.js')).split('\n');
  expect(lines[0]).toBe('Quay Logistics');
  expect(lines[1]).toMatch(/^clients-.*\.csv true$/);
  expect(lines).toContainEqual(expect.stringMatching(/^409 conflict Client with this name already exists /));
  expect(lines).toEqual(
    expect.arrayContaining(['text/html true', 'done 1', expect.stringMatching(/^2 name /)]),
  );
  expect(lines.at(-2)).toBe(t.admin.email);
}, 120_000);

test('is small, and leaves out what is not imported', async () => {
  const whole = await bundled(
    "import { createOpskeep } from '@opskeep/sdk'; createOpskeep({ url: location.href });",
  );
  expect(whole.length).toBeLessThan(17_500);
  expect(whole).not.toContain('Lists access tokens');
  const part = await bundled("import { OpskeepError } from '@opskeep/sdk'; console.log(OpskeepError);");
  expect(part.length).toBeLessThan(500);
});

const missing = missingBrowser();
// A build without a browser must not look as if the page had been tried.
if (missing && process.env.CI)
  it('has a browser', () => {
    throw new Error(missing);
  });
(missing ? describe.skip : describe)('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    script = await bundled(PAGE, false);
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  const tried = (origin: string) =>
    browser.page
      .goto(origin)
      .then(() => browser.page.evaluate(`trial(${JSON.stringify(url)}, ${JSON.stringify(ADMIN_PASSWORD)})`));

  test('a page of an origin that the server names does everything', async () => {
    const names = ['By a page', 'Quay Logistics'];
    const answer = (await tried(page.url)) as { names: string[] };
    expect({ ...answer, names: answer.names.sort() }).toEqual({
      names: [...names, ...names].sort(),
      code: 'conflict',
      etag: '"1"',
      request: true,
    });
    const reused = await t.sql("SELECT n FROM journal WHERE action = 'auth.refresh_reused'");
    expect(reused).toEqual([]);
  });

  test('a page of another one is told that there was no answer', async () => {
    expect(await tried(page.url.replace('127.0.0.1', 'localhost'))).toMatch(
      /^OpskeepConnectionError: No answer from http/,
    );
  });
});
