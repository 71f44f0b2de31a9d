// The packages that the application is made of, as one file: Jest needs a millisecond for each of their 2,900 modules,
// in every file of tests.
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePackages } from '../../scripts/build.mjs';

const NATIVE = ['argon2', 'better-sqlite3', 'better-sqlite3-12', 'pino', 'pino-pretty'];
const DEEP = ['@nestjs/common/internal', 'csv-stringify/sync', 'mysql2/promise'];

const modified = path => (existsSync(path) ? statSync(path).mtimeMs : 0);

const folder = 'node_modules/.cache/opskeep-tests';
const file = join(folder, 'packages.cjs');
const sources = [
  'node_modules/.package-lock.json',
  'package.json',
  'scripts/build.mjs',
  'test/harness/packages.mjs',
];

async function write() {
  mkdirSync(folder, { recursive: true });
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const names = [...Object.keys(dependencies).filter(name => !NATIVE.includes(name)), ...DEEP].sort();
  const files = Object.fromEntries(names.map(name => [name, `${name.replace(/\W+/g, '-')}.cjs`]));
  for (const [name, of] of Object.entries(files))
    writeFileSync(join(folder, of), `module.exports = require('./packages.cjs')['${name}'];\n`);
  writeFileSync(join(folder, 'files.json'), JSON.stringify(files));
  const unfinished = `${file}.${process.pid}`;
  await bundlePackages(names, unfinished);
  renameSync(unfinished, file);
}

// `resolver.cjs` finds it. It is made anew when other packages were installed.
if (modified(file) < Math.max(...sources.map(modified))) await write();
