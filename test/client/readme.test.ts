import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startApp, type TestApp } from '../app.js';
import { buildServer } from '../harness/build.js';
import { environmentBeside } from '../harness/command.js';
import { linesOf } from '../harness/document-lines.js';
import { buildClient, type Machine, makeMachine } from './machine.js';

jest.setTimeout(240_000);

let t: TestApp;
let machine: Machine;
let url: string;
beforeAll(async () => {
  t = await startApp();
  url = await t.listen();
  machine = await makeMachine();
});
afterAll(async () => {
  machine.remove();
  await t.close();
});

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Runs the lines of a page as they stand there, at a server, an account and programs of this test. */
async function run(blocks: string[], more: Record<string, string> = {}) {
  const lines = blocks
    .join('\n')
    .replaceAll('http://localhost:8000', url)
    .replaceAll('admin@localhost', t.admin.email)
    .replaceAll('lantern orbit 42 velvet', t.admin.password);
  const client = join(await buildClient(), 'opskeep.cjs');
  const server = join(await buildServer(), 'src', 'cli.js');
  const beside = Object.entries(environmentBeside(t)).filter(([name]) => name !== 'HOME');
  const script = [
    'set -euo pipefail',
    `opskeep() { ${quoted(process.execPath)} ${quoted(client)} "$@"; }`,
    // npm run --silent opskeep -- …, at the installation of this test.
    `npm() { shift 4; env ${beside.map(([name, value]) => `${name}=${quoted(value)}`).join(' ')} ${quoted(process.execPath)} ${quoted(server)} "$@"; }`,
    lines.replaceAll('node dist/src/opskeep.cjs', `${quoted(process.execPath)} ${quoted(client)}`),
  ].join('\n');
  return promisify(execFile)('bash', ['-c', script], {
    env: { ...machine.environment, ...more },
    cwd: machine.work,
  });
}

test('every line of the tour, and of the pages that go on with it, does what they say', async () => {
  mkdirSync(join(machine.work, 'data'), { recursive: true });
  const [, ...tour] = linesOf('README.md', 'A tour in five minutes');
  const { stdout, stderr } = await run([
    ...tour,
    ...linesOf('README.md', 'From the ticket to the bill'),
    ...linesOf('docs/api.md', 'Search'),
    ...linesOf('docs/api.md', 'Reports'),
    ...linesOf('docs/api.md', 'Files of rows'),
    ...linesOf('docs/api.md', 'A copy that follows'),
    ...linesOf('docs/api.md', 'Webhooks'),
    ...linesOf('docs/api.md', 'Access tokens'),
    ...linesOf('docs/kv.md', 'Playbooks and programs that speak to Vault').slice(0, 1),
    ...linesOf('docs/memory.md', 'The memory'),
    'git init -q . && git remote add origin https://git.example/acme/tour.git',
    'post projects \'{"name":"Tour","repository_url":"https://git.example/acme/tour.git"}\' | jq -r .name',
    ...linesOf('docs/memory.md', 'What conversations bring'),
    ...linesOf('docs/memory.md', 'Memory for Claude Code'),
  ]);
  expect(stderr).toBe('');
  const said = [
    '"username": "admin",\n  "password": "tR7#mk92-vault"', // opened
    '"password": "tR7#mk92-vault"\n}\n"reveal"', // the version before, then a grant
    '"ok": true,',
    'Every entry is as it was written\n200\n["120.00","work_item"]',
    '"net use P: /user:acme [redacted:password]"',
    '[200,200,200]\n[200,200,200]\n[45,45,"90.00"]\n[45,45,"90.00"]\n[5,30,"60.00"]',
    '"billable_minutes":120,"amounts":[{"currency":"USD","amount":"240.00"}]',
    '{"credentials":1}\n{"resource":"credentials","name":"Firewall","client_name":"Acme Dental"}\n', // what search finds
    '["done",1]\n',
    '{\n  "kind": "created",\n  "resource": "clients",\n  "version": 1\n}\n[]\n', // what a copy follows
    '[["client.created","credential.*","*.deleted"],false]\n',
    '"username": "admin",', // as programs that speak to Vault read it
    '[\n  "Firewall"\n]\n',
    'Tour\nTour\nHooks are installed in ',
    'Everything works.\n',
  ];
  let from = 0;
  for (const words of said) {
    expect(stdout.slice(from)).toContain(words);
    from = stdout.indexOf(words, from) + words.length;
  }
});

test('every line of the command line does what the page says', async () => {
  const { stdout, stderr } = await run(linesOf('docs/command-line.md', 'Work from the command line'));
  expect(stdout).toMatch(
    /^Logged in at [^]*\ncobalt-heron-71\nName: +nas\n[^]*\nadmin\nID .*NAME [^]*billed as 120[^]*\nLogged out of /m,
  );
  expect(stderr).toBe('Rotated nas. What was before is among its versions.\n');
});

test('every line of the local vault, and of secrets in programs and files, does what the page says', async () => {
  const { stdout } = await run([
    ...linesOf('docs/command-line.md', 'The vault on your machine'),
    'echo; echo The vault is made',
    ...linesOf('docs/command-line.md', 'Secrets in programs and files'),
  ]);
  expect(stdout).toMatch(/\nsk-lantern-42\n/);
  const told = stdout.split('\nThe vault is made\n')[1]?.split('\n').slice(1) ?? [];
  expect(told.slice(0, 4)).toEqual([
    '35 characters: postgres://app:[redacted:secret]@db1/app',
    '[redacted:secret]',
    '1',
    expect.stringMatching(/^Wrote .*app\.yml, with 1 secret\.$/),
  ]);
  const all = told.join('\n');
  expect(all).toMatch(/Firewall +admin +password +password=\*{8} +stored as FIREWALL_PASSWORD\n$/);
  expect(all).not.toMatch(/orbit|lantern/);
});

test('every line of passwords from another program does what the page says', async () => {
  const { stdout } = await run(linesOf('docs/migration.md', 'Passwords from another program'));
  expect(stdout).toMatch(/^3 entries\. [^]*line 4 +Registrar +it is in no folder/);
  expect(stdout).toMatch(
    /\nBrought in: 3 entries as 4 credentials(?:, 1 client made)?\.\n3 entries, 3 of them there already\. /,
  );
});
