// Compiles the driver of SQLite where that is needed: on Node without Node-API 10 (older than 22.14). Elsewhere the
// driver comes ready-made, and nothing is done. `npm start` and the tests run this; it is quick when there is nothing
// to do. What the compiler says is shown when it fails. Install scripts are off for all packages (.npmrc): npm would compile both drivers, and take away the one that
// needs no compiling when there is no compiler.
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const PACKAGE = 'better-sqlite3-12';
const PROGRESS_MS = 20_000;

function works() {
  const open = `new (require('${PACKAGE}'))(':memory:').close()`;
  return spawnSync(process.execPath, ['-e', open], { cwd: root, stdio: 'ignore' }).status === 0;
}

// Whoever has set both databases to MariaDB needs no driver of SQLite.
const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
const needless = ['DATABASE_URL', 'KEYSTORE_DATABASE_URL'].every(name =>
  (process.env[name] || file[name] || '').startsWith('mysql:'),
);
const compiled = Number(process.versions.napi) < 10 && existsSync(join(root, 'node_modules', PACKAGE));

if (compiled && !needless && !works()) {
  process.stderr.write(
    `Compiling SQLite's driver for Node.js ${process.versions.node}: once, and it takes some minutes …\n`,
  );
  const args = ['rebuild', PACKAGE, '--ignore-scripts=false', '--foreground-scripts'];
  const own = process.env.npm_execpath;
  const [program, first] = own ? [process.execPath, [own]] : ['npm', []];
  const shell = !own && process.platform === 'win32';
  const began = Date.now();
  const minutes = () => `${((Date.now() - began) / 60_000).toFixed(1)} min`;
  const progress = setInterval(() => process.stderr.write(`… still compiling, ${minutes()}\n`), PROGRESS_MS);
  const { status, output } = await new Promise(done => {
    const options = { cwd: root, shell, maxBuffer: 1e9 };
    const child = execFile(program, [...first, ...args], options, (error, stdout, stderr) =>
      done({ status: error ? (child.exitCode ?? 1) : 0, output: `${stdout}${stderr}` || String(error) }),
    );
  });
  clearInterval(progress);
  if (status !== 0) {
    process.stderr.write(`${output}\n`);
    process.stderr.write("SQLite's driver was not compiled: python3, make and g++ are needed.\n");
  } else process.stderr.write(`SQLite's driver is compiled, after ${minutes()}\n`);
  process.exit(status);
}
