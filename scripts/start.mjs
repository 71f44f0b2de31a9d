// Builds when the sources are newer than the build, then runs the server, or, with `cli` first, the command line.
import { spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildInto } from './build.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

// Without it the server says what is missing, if it needs SQLite at all.
spawnSync(process.execPath, [join(root, 'scripts', 'sqlite-driver.mjs')], { stdio: 'inherit' });
await buildInto('dist', { ifStale: true });

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
