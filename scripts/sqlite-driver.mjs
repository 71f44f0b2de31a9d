// Compiles the driver of SQLite where that is needed: on Node without Node-API 10 (older than 22.14). Elsewhere the
// driver comes ready-made, and nothing is done. `npm start` and the tests run this; it is quick when there is nothing
// to do. Install scripts are off for all packages (.npmrc): npm would compile both drivers, and take away the one that
// needs no compiling when there is no compiler.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const PACKAGE = 'better-sqlite3-12';

function works() {
  const open = `new (require('${PACKAGE}'))(':memory:').close()`;
  return spawnSync(process.execPath, ['-e', open], { cwd: root, stdio: 'ignore' }).status === 0;
}

if (Number(process.versions.napi) < 10 && existsSync(join(root, 'node_modules', PACKAGE)) && !works()) {
  process.stderr.write(`Compiling SQLite's driver for Node ${process.versions.node} …\n`);
  const args = ['rebuild', PACKAGE, '--ignore-scripts=false', '--foreground-scripts'];
  const own = process.env.npm_execpath;
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  const { status } = own
    ? spawnSync(process.execPath, [own, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (status !== 0) process.stderr.write('It was not compiled: python3, make and g++ are needed.\n');
  process.exit(status ?? 1);
}
