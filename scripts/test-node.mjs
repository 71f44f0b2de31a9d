// Runs the tests on another Node.js: `npm run test:node -- 24`, or `-- 24 --short` for the few files that depend on
// the runtime most. What follows is handed to Jest. The runtime comes from npm (the package `node`, which brings its
// headers too) into the user's cache; the project as it stands is copied to a temporary folder and installed there with
// it. Exit codes: 0 fine, 1 failed, 2 wrong usage, 3 the registry did not deliver the runtime.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NO_RUNTIME = 3;
/** SQLite, Argon2, the application over HTTP, what Node's parser refuses, a server and its end, the command line. */
const SHORT = [
  'test/units/sqlite.test.ts',
  'test/units/sqlite-scan.test.ts',
  'test/crypto-compat.test.ts',
  'test/auth.test.ts',
  'test/kv-list.test.ts',
  'test/runtimes.test.ts',
];

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [version, ...rest] = process.argv.slice(2);
if (!/^\d+(\.\d+){0,2}$/.test(version ?? '')) {
  process.stderr.write(
    'Usage: npm run test:node -- <version of Node.js, such as 24> [--short] [options of Jest]\n',
  );
  process.exit(2);
}
const short = rest.includes('--short');
const jestOptions = rest.filter(one => one !== '--short');

/** npm as it was started, under the Node that comes first in the path. */
function npm(args, { node = process.execPath, ...options }) {
  const own = process.env.npm_execpath ?? join(realpathSync(process.execPath), '../npm');
  return run(node, [own, ...args], options);
}

function run(program, args, { cwd, env = process.env }) {
  return spawnSync(program, args, { cwd, env, stdio: 'inherit' }).status ?? 1;
}

function fail(code, text) {
  process.stderr.write(`\n${text}\n`);
  process.exit(code);
}

/** The folder of the runtime: `bin/node` and `include/node`. */
function fetchRuntime(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const args = [
    'install',
    '--no-save',
    '--ignore-scripts=false',
    '--foreground-scripts',
    '--loglevel=error',
    `node@${version}`,
  ];
  if (npm(args, { cwd: folder }) !== 0) return undefined;
  const modules = [join(folder, 'node_modules'), join(folder, 'node_modules/node/node_modules')];
  return modules
    .filter(existsSync)
    .flatMap(path => readdirSync(path).map(name => join(path, name)))
    .find(path => existsSync(join(path, 'include/node/node_api.h')) && existsSync(join(path, 'bin/node')));
}

/** What git knows of the project, and what is new in it. */
function copyProject(folder) {
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  if (listed.status !== 0) fail(1, 'git cannot tell which files belong to the project.');
  for (const name of listed.stdout.toString().split('\0').filter(Boolean))
    if (existsSync(join(root, name))) cpSync(join(root, name), join(folder, name));
}

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'opskeep-node');
const runtime = fetchRuntime(join(cache, version));
if (!runtime) fail(NO_RUNTIME, `NOT TESTED on Node.js ${version}: the registry did not deliver the runtime.`);
const node = join(runtime, 'bin/node');
const project = mkdtempSync(join(tmpdir(), `opskeep-node-${version}-`));
process.on('exit', () => rmSync(project, { recursive: true, force: true }));
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => process.exit(1));

copyProject(project);
const env = {
  ...process.env,
  PATH: [dirname(node), process.env.PATH].join(delimiter),
  npm_config_nodedir: runtime,
};
const at = { cwd: project, env };
const facts = 'console.log(`\\n==== Node.js ${process.version}, Node-API ${process.versions.napi} ====\\n`)';
run(node, ['-e', facts], at);
const install = ['ci', '--prefer-offline', '--loglevel=error'];
if (npm(install, { node, ...at }) !== 0 && npm(install, { node, ...at }) !== 0)
  fail(1, `npm ci failed on Node.js ${version}.`);
const jest = [join(project, 'node_modules/jest/bin/jest.js'), ...jestOptions, ...(short ? SHORT : [])];
process.exit(run(node, jest, at));
