import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startApp, type TestApp } from '../app.js';
import { buildClient, type Machine, makeMachine } from './machine.js';

jest.setTimeout(120_000);

/** The first block of a section of the README. */
function blockOf(heading: string): string {
  const [, section = ''] = readFileSync('README.md', 'utf8').split(`\n## ${heading}\n`);
  return /```sh\n(.*?)```/s.exec(section.split('\n## ')[0] ?? '')?.[1] ?? '';
}

let t: TestApp;
let machine: Machine;
beforeAll(async () => {
  t = await startApp();
  machine = await makeMachine();
});
afterAll(async () => {
  machine.remove();
  await t.close();
});

test('every line of the command line does what the README says', async () => {
  const url = await t.listen();
  await t.make('clients', { name: 'Acme Dental' });
  const program = join(await buildClient(), 'opskeep.cjs');
  const lines = blockOf('Work from the command line')
    .replace('http://localhost:8000', url)
    .replace('admin@localhost', t.admin.email)
    .replace('lantern orbit 42 velvet', t.admin.password);
  expect(lines).toContain(t.admin.password);
  const script = `set -euo pipefail\nopskeep() { '${process.execPath}' '${program}' "$@"; }\n${lines}`;
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], {
    env: machine.environment,
    cwd: machine.work,
  });
  expect(stdout).toMatch(
    /^Logged in at [^]*\ncobalt-heron-71\nName: +nas\n[^]*\nadmin\nID .*NAME [^]*billed as 90[^]*\nLogged out of /m,
  );
  expect(stderr).toBe('Rotated nas. What was before is among its versions.\n');
});

test('every line of secrets in programs and files does what the README says', async () => {
  const program = join(await buildClient(), 'opskeep.cjs');
  const script = [
    'set -euo pipefail',
    `opskeep() { '${process.execPath}' '${program}' "$@"; }`,
    'opskeep vault init > /dev/null; echo CANARY-openai | opskeep vault set OPENAI_KEY > /dev/null',
    blockOf('Secrets in programs and files'),
  ].join('\n');
  const { stdout } = await promisify(execFile)('bash', ['-c', script], {
    env: machine.environment,
    cwd: machine.work,
  });
  const told = stdout.split('\n').slice(1);
  expect(told.slice(0, 4)).toEqual([
    '35 characters: postgres://app:[redacted:secret]@db1/app',
    '[redacted:secret]',
    '1',
    expect.stringMatching(/^Wrote .*app\.yml, with 1 secret\.$/),
  ]);
  expect(stdout).toMatch(/Firewall +admin +password +password=\*{8} +stored as FIREWALL_PASSWORD\n$/);
  expect(stdout).not.toMatch(/orbit|openai/);
});
