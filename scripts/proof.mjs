// The proofs at full size: `npm run proof -- kills --database mariadb`, `npm run proof -- bad-input --size 20000`, or
// all of them when none is named. `npm test` runs the same files small.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';

const known = readdirSync('test/proofs').map(name => name.replace(/\.test\.ts$/, ''));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { database: { type: 'string', default: 'sqlite' }, size: { type: 'string' } },
});
const names = positionals.length > 0 ? positionals : known;
for (const name of names)
  if (!existsSync(`test/proofs/${name}.test.ts`)) {
    console.error(`There is no proof ${name}; there are ${known.join(', ')}`);
    process.exit(2);
  }
const { status } = spawnSync(
  process.execPath,
  ['node_modules/jest/bin/jest.js', '-i', ...names.map(name => `test/proofs/${name}.test.ts`)],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      OPSKEEP_PROOF: 'whole',
      OPSKEEP_TEST_DATABASE: values.database,
      ...(values.size === undefined ? {} : { OPSKEEP_PROOF_SIZE: values.size }),
    },
  },
);
process.exit(status ?? 1);
