// What `npm test` runs: the same files, many in one, because loading the application costs each file of Jest seconds.
// `npx jest test/<file>` runs one as it is. A new file joins by itself; one that starts with a comment `// Alone: …`
// (what it measures or changes belongs to the whole process), or declares resources of its own, stays alone.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import config from './jest.config.mjs';

const GROUPS = 12;
const ALONE = /^\/\/ Alone: |@Resource\(/m;
/** What takes much longer than its size says, in seconds of processor time; of the others 1,500 bytes take one. */
const SECONDS = {
  'test/bad-input/addresses.test.ts': 12,
  'test/bad-input/bodies.test.ts': 15,
  'test/doctor.test.ts': 11,
  'test/faults.test.ts': 42,
  'test/generated-clients.test.ts': 27,
  'test/never-frozen.test.ts': 45,
  'test/resources/lists.test.ts': 22,
  'test/resources/posts.test.ts': 14,
  'test/resources/rows.test.ts': 19,
  'test/resources/versions.test.ts': 10,
  'test/sqlite-files.test.ts': 10,
};
const BYTES = 1_500;
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

/** Each into what is the smallest group so far. */
const groups = Array.from({ length: GROUPS }, () => ({ seconds: 0, names: [] }));
for (const { name, seconds } of files.filter(one => !alone.includes(one))) {
  const smallest = groups.reduce((a, b) => (b.seconds < a.seconds ? b : a));
  smallest.seconds += seconds;
  smallest.names.push(name);
}

const part = name =>
  `describe(${JSON.stringify(name)}, () => void require(${JSON.stringify(`../../${name}`)}));\n`;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
groups.forEach(({ names }, index) =>
  // After all files: the longest patience that any of them asks for holds for each.
  writeFileSync(join(folder, `${index + 1}.js`), `${names.map(part).join('')}jest.setTimeout(240_000);\n`),
);

export default {
  ...config,
  testMatch: ['<rootDir>/test-output/groups/*.js', ...alone.map(({ name }) => `<rootDir>/${name}`)],
};
