// Lint and tests side by side, with the options of Jest: the tests wait for processes, browsers and clocks, and lint takes
// the time that they leave. Both are told, and either fails the run.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cwd = join(dirname(fileURLToPath(import.meta.url)), '..');
const programs = [
  ['scripts/lint.mjs', '--aside'],
  ['node_modules/jest/bin/jest.js', '--config', 'jest.groups.config.mjs', ...process.argv.slice(2)],
];

const children = programs.map(args => spawn(process.execPath, args, { cwd, stdio: 'inherit' }));
// Who ends this one ends them: a terminal tells all of them, anybody else this one alone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => children.forEach(child => child.kill(signal)));
const codes = await Promise.all(
  children.map(child => new Promise(done => child.on('close', code => done(code ?? 1)))),
);
process.exit(codes.every(code => code === 0) ? 0 : 1);
