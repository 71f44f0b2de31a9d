// Builds when the sources are newer than the build, then runs the server, or, with `cli` first, the command line. It ends
// with whoever runs it, and the server with it: a service manager or container stops npm, which tells its shell alone.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildInto } from './build.mjs';

const PARENT_MS = 500;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The shell of npm; whoever runs this file by itself may well leave it behind. */
const shell = process.env.npm_lifecycle_event ? process.ppid : undefined;

// Without it the server says what is missing, if it needs SQLite at all.
spawnSync(process.execPath, [join(root, 'scripts', 'sqlite-driver.mjs')], { stdio: 'inherit' });
// The types are for programs that import the package: `npm run build` makes them, and what is there is renewed.
const types = existsSync(join(root, 'dist', 'src', 'formats', 'crypto.d.ts'));
await buildInto('dist', { ifStale: true, types });

const [first, ...rest] = process.argv.slice(2);
const [entry, args] = first === 'cli' ? ['cli.js', rest] : ['main.js', process.argv.slice(2)];
const child = spawn(
  process.execPath,
  ['--enable-source-maps', '--max-semi-space-size=64', join(root, 'dist', 'src', entry), ...args],
  {
    // The server stops when this channel closes, in whichever way this process ended.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  },
);
if (shell !== undefined)
  setInterval(() => process.ppid !== shell && child.kill('SIGTERM'), PARENT_MS).unref();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 0)));
