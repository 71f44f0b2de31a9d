// Types, rules, doors between the rooms, format and the table of resources, all at once: on two cores that is twice as
// fast. What was checked before is remembered where the answer depends on the file alone (format). With `--aside` it takes
// only the time that others leave.
import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cache = join('node_modules', '.cache');

const checks = {
  'types and rules': ['scripts/types-and-rules.mjs'],
  depcruise: [
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    'src',
    'migrations',
    '--config',
    '.dependency-cruiser.cjs',
  ],
  prettier: [
    'node_modules/prettier/bin/prettier.cjs',
    ...['--check', '--log-level', 'warn', '--cache', '--cache-location', join(cache, 'lint.prettier'), '.'],
  ],
  resources: ['scripts/resource-table.mjs', '--check'],
};

function run(name, [program, ...args]) {
  const began = performance.now();
  const child = spawn(process.execPath, [program, ...args], { cwd: root });
  process.once('SIGTERM', () => child.kill());
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (output += text));
  return new Promise(done =>
    child.on('close', code => {
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      process.stdout.write(`${name}: ${code === 0 ? 'fine' : 'FAILED'} (${seconds} s)\n`);
      if (code !== 0) process.stdout.write(`${output}\n`);
      done(code === 0);
    }),
  );
}

if (process.argv.includes('--aside')) setPriority(19);
const fine = await Promise.all(Object.entries(checks).map(([name, command]) => run(name, command)));
process.exit(fine.every(Boolean) ? 0 : 1);
