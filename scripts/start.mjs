// Builds when the sources are newer than the build, then runs the server, or, with `cli` first, the command line.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'dist', '.tsbuildinfo');

function newest(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);
}

// Without it the server says what is missing, if it needs SQLite at all.
spawnSync(process.execPath, [join(root, 'scripts', 'sqlite-driver.mjs')], { stdio: 'inherit' });

const built = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
const changed = Math.max(
  ...['src', 'migrations'].map(name => newest(join(root, name))),
  statSync(join(root, 'package.json')).mtimeMs,
);
if (changed > built) {
  process.stderr.write('Building …\n');
  const build = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (build.status !== 0) process.exit(build.status ?? 1);
}

const [first, ...rest] = process.argv.slice(2);
const [entry, args] = first === 'cli' ? ['cli.js', rest] : ['main.js', process.argv.slice(2)];
const child = spawn(
  process.execPath,
  ['--enable-source-maps', '--max-semi-space-size=64', join(root, 'dist', 'src', entry), ...args],
  {
    stdio: 'inherit',
  },
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 0)));
