// What `npm test` runs: the same files, many in one, because loading the application costs each file of Jest seconds.
// `npx jest test/<file>` runs one as it is. A new file joins by itself; one that starts with a comment `// Alone: …`
// (what it measures or changes belongs to the whole process), or declares resources of its own, stays alone.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import config from './jest.config.mjs';

const GROUPS = 8;
const ALONE = /^(?:\/\/ Alone: |@Resource\()/m;
/** What takes much longer than its size says, in seconds of a worker; of the others 4,000 bytes take one. */
const SECONDS = {
  'test/backups/commands.test.ts': 30,
  'test/backups/refusals.test.ts': 16,
  'test/backups/restore.test.ts': 8,
  'test/bad-input/bodies.test.ts': 9,
  'test/cli.test.ts': 30,
  'test/client-access.test.ts': 7,
  'test/client/credentials.test.ts': 10,
  'test/client/login.test.ts': 8,
  'test/client/readme.test.ts': 12,
  'test/client/run.test.ts': 9,
  'test/client/vault-exchange.test.ts': 7,
  'test/client/vault-killed.test.ts': 7,
  'test/docs-page.test.ts': 20,
  'test/faults.test.ts': 45,
  'test/generated-clients.test.ts': 27,
  'test/import-from-hostile.test.ts': 20,
  'test/import-from.test.ts': 18,
  'test/metrics.test.ts': 9,
  'test/migrate-from-hostile.test.ts': 22,
  'test/migrate-from.test.ts': 22,
  'test/never-frozen.test.ts': 46,
  'test/npm-start.test.ts': 21,
  'test/offboarding.test.ts': 10,
  'test/openapi.test.ts': 8,
  'test/package.test.ts': 12,
  'test/proofs/bad-input.test.ts': 10,
  'test/proofs/kills.test.ts': 17,
  'test/refusal-times.test.ts': 8,
  'test/resources/lists.test.ts': 13,
  'test/resources/rows.test.ts': 10,
  'test/rights-matrix.test.ts': 11,
  'test/rotate-data.test.ts': 17,
  'test/rotate-kek.test.ts': 13,
  'test/shared-server.test.ts': 13,
  'test/sdk/package.test.ts': 14,
  'test/sqlite-files.test.ts': 7,
  'test/start.test.ts': 17,
  'test/trail-blocked.test.ts': 8,
  'test/trail/killed.test.ts': 11,
  'test/units/workers.test.ts': 7,
  'test/webhook-processes.test.ts': 6,
  'test/worker-processes.test.ts': 6,
};
const BYTES = 4_000;
/** The groups that begin first are this much longer than those that end last, so that no worker is left waiting long. */
const LONGEST = 4;
const folder = join(config.rootDir, 'test-output', 'groups');

const files = ['test', 'src']
  .flatMap(top =>
    readdirSync(join(config.rootDir, top), { recursive: true }).map(name =>
      join(top, name).replaceAll('\\', '/'),
    ),
  )
  .filter(name => /^test\/.*\.test\.ts$|^src\/.*\.spec\.ts$/.test(name))
  .map(name => ({ name, seconds: SECONDS[name] ?? statSync(join(config.rootDir, name)).size / BYTES }))
  .sort((a, b) => b.seconds - a.seconds);
const alone = files.filter(({ name }) => ALONE.test(readFileSync(join(config.rootDir, name), 'utf8')));

/** Each into the group that is the emptiest for its share. */
const groups = Array.from({ length: GROUPS }, (_, index) => ({
  share: LONGEST - ((LONGEST - 1) * index) / (GROUPS - 1),
  seconds: 0,
  names: [],
}));
for (const { name, seconds } of files.filter(one => !alone.includes(one))) {
  const full = one => (one.seconds + seconds) / one.share;
  const emptiest = groups.reduce((a, b) => (full(b) < full(a) ? b : a));
  emptiest.seconds += seconds;
  emptiest.names.push(name);
}

const part = name =>
  `describe(${JSON.stringify(name)}, () => void require(${JSON.stringify(`../../${name}`)}));\n`;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
groups.forEach(({ names, seconds }, index) => {
  // After all files: the longest patience that any of them asks for holds for each.
  const text = `${names.map(part).join('')}jest.setTimeout(240_000);\n`;
  // Of files whose times it does not know yet, Jest begins with the largest.
  writeFileSync(join(folder, `${index + 1}.js`), text.padEnd(Math.round(seconds * 1000)));
});

export default {
  ...config,
  // Each group has a process of its own: Jest keeps much of what a file has loaded, and among the remains of several
  // groups everything takes twice the time.
  workerIdleMemoryLimit: '100MB',
  testMatch: ['<rootDir>/test-output/groups/*.js', ...alone.map(({ name }) => `<rootDir>/${name}`)],
};
