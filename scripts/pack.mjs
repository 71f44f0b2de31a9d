// Makes the package that is installed with `npm install --global`: `npm run pack`, or `node scripts/pack.mjs [--out
// folder]`. The programs hold their packages already, so that the package asks for those alone that are native or look
// for files of their own, in the versions of the lock file. Its last line on stdout is the path of the file.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildInto } from './build.mjs';
import { licences, noticesOf } from './licences.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Native, or loaded by their names: by TypeORM, and by a thread. */
const NEEDED = ['argon2', 'mysql2', 'pino', 'pino-pretty'];
/** Not on Node.js 20, where the server's databases are MariaDB, or a driver is compiled. */
const OPTIONAL = ['better-sqlite3'];
/** Files for the docs page. It asks for a package that reports installations to its makers, and uses nothing of it. */
const CARRIED = ['swagger-ui-dist'];
const FILES = ['README.md', 'CHANGELOG.md', 'SECURITY.md', 'openapi.json'];
/** Not for those who use it: maps of sources that they do not have, what makes the document, the tests' configuration. */
const LEFT_OUT = /\.map$|[/\\](\.compiled|\.built|describe-application\.cjs|ormconfig\.js)$/;

const readJson = (...path) => JSON.parse(readFileSync(join(ROOT, ...path), 'utf8'));

function manifest() {
  const { name, version, description, license, type, engines, bin, exports } = readJson('package.json');
  const { packages } = readJson('package-lock.json');
  const locked = names =>
    Object.fromEntries(names.map(one => [one, packages[`node_modules/${one}`].version]));
  return {
    ...{ name, version, description, license, private: true, type, engines, bin, exports },
    dependencies: locked([...NEEDED, ...CARRIED]),
    optionalDependencies: locked(OPTIONAL),
    bundleDependencies: CARRIED,
  };
}

/** As it is on disk, but for its packages and scripts, and for what other builds of a page would take. */
function carry(name, folder) {
  const other = /\.map$|-es-bundle|swagger-ui\.js$|log\.[^/\\]*$/;
  cpSync(join(ROOT, 'node_modules', name), folder, { recursive: true, filter: path => !other.test(path) });
  const { dependencies: _asked, scripts: _scripts, ...kept } = readJson('node_modules', name, 'package.json');
  writeFileSync(join(folder, 'package.json'), JSON.stringify(kept, null, 2));
}

async function stage(folder) {
  await buildInto('dist', { ifStale: true });
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true, filter: path => !LEFT_OUT.test(path) });
  for (const name of FILES) cpSync(join(ROOT, name), join(folder, name));
  cpSync(join(ROOT, 'docs'), join(folder, 'docs'), { recursive: true });
  const shell = readdirSync(join(ROOT, 'scripts')).filter(name => name.endsWith('.sh'));
  for (const name of shell) cpSync(join(ROOT, 'scripts', name), join(folder, 'scripts', name));
  for (const name of CARRIED) carry(name, join(folder, 'node_modules', name));
  writeFileSync(join(folder, 'THIRD-PARTY-NOTICES.md'), noticesOf(licences(ROOT)));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
}

const at = process.argv.indexOf('--out');
const out = resolve(at === -1 ? ROOT : process.argv[at + 1]);
const folder = mkdtempSync(join(tmpdir(), 'opskeep-package-'));
try {
  await stage(folder);
  mkdirSync(out, { recursive: true });
  const npm = process.env.npm_execpath;
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', out];
  const options = { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1e9 };
  const printed = npm
    ? execFileSync(process.execPath, [npm, ...args], options)
    : execFileSync('npm', args, { ...options, shell: process.platform === 'win32' });
  const [{ filename, size, unpackedSize }] = Object.values(JSON.parse(printed));
  const megabytes = bytes => `${(bytes / 1e6).toFixed(1)} MB`;
  process.stderr.write(`${megabytes(size)}, ${megabytes(unpackedSize)} unpacked\n`);
  process.stdout.write(`${join(out, filename)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
