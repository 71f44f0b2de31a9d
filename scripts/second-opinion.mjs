// What orval, a third generator of clients, says of openapi.json: `npm run second-opinion`. It is brought by npm into a
// folder of its own, since it needs 300 packages (and its newer releases another Node.js). Fails when it warns, or when
// what it makes does not compile under strict. The other two generators are tried by the tests.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const ORVAL = 'orval@7.13.0';
const GENERATE = `
import { generate } from 'orval';
const input = ${JSON.stringify(join(ROOT, 'openapi.json'))};
await generate({ input, output: { target: 'api.ts', client: 'fetch', baseUrl: 'http://localhost:8000' } });
`;
const USE = `
import { createClient, listClients, type CreateClient } from './api.js';
const wanted: CreateClient = { name: 'Quay Logistics' };
const made = await createClient(wanted);
const page = await listClients({ name__in: ['a', 'b'], limit: 5 });
export const id: string | undefined = made.status === 201 ? made.data.id : undefined;
export const names: string[] = page.status === 200 ? page.data.items.map(one => one.name) : [];
`;
const COMPILER = {
  compilerOptions: {
    ...{ target: 'ES2022', module: 'NodeNext', lib: ['ES2022', 'DOM', 'DOM.Iterable'], types: [] },
    ...{ strict: true, noUncheckedIndexedAccess: true, skipLibCheck: true, noEmit: true },
  },
  files: ['api.ts', 'use.ts'],
};

const folder = mkdtempSync(join(tmpdir(), 'opskeep-second-opinion-'));
try {
  writeFileSync(join(folder, 'package.json'), '{"type": "module", "private": true}');
  writeFileSync(join(folder, 'generate.mjs'), GENERATE);
  writeFileSync(join(folder, 'use.ts'), USE);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(COMPILER));
  const options = { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' };
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ORVAL], options);
  const made = spawnSync(process.execPath, ['generate.mjs'], { cwd: folder, encoding: 'utf8' });
  const said = `${made.stdout}${made.stderr}`;
  process.stdout.write(said);
  if (made.status !== 0 || /warn|error/i.test(said)) process.exitCode = 1;
  execFileSync(
    process.execPath,
    [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder],
    options,
  );
  process.stdout.write('It compiles under strict.\n');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
