import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADMIN } from '../../src/client/admin.js';
import { bashScript } from '../../src/client/completion/bash.js';
import { fishScript } from '../../src/client/completion/fish.js';
import { placesIn } from '../../src/client/completion/places.js';
import { zshScript } from '../../src/client/completion/zsh.js';
import { ROOT } from '../../src/client/commands.js';
import { CREDENTIAL_TYPES } from '../../src/formats/credential-types.js';
import { makeMachine } from './machine.js';

jest.setTimeout(60_000);

const places = placesIn(ROOT);
const has = (shell: string) => spawnSync(shell, ['--version']).status === 0;
const testIn = (shell: string) => (has(shell) ? test : test.skip);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'opskeep-completion-'));
  writeFileSync(join(folder, 'bash'), bashScript('opskeep', places));
  writeFileSync(join(folder, 'zsh'), zshScript('opskeep', places));
  writeFileSync(join(folder, 'fish'), fishScript('opskeep', places));
  writeFileSync(join(folder, "an 'odd' file $(x).json"), '');
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'a-program-of-mine'), '#!/bin/sh\n', { mode: 0o755 });
});

/** Entries of the vault, one of them as a hostile project would call it. */
const ENTRIES = ['DB_PASSWORD', "DB 'two' $(touch hit)"];
const environment = () => ({
  ...process.env,
  HOME: folder,
  PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What is typed, and what is offered for its last word. */
const CASES: [typed: string[], offered: string[]][] = [
  [['cred'], ['credential']],
  [['credential', 'o'], ['otp']],
  [
    ['vault', 'backup', ''],
    ['list', 'restore'],
  ],
  [['credential', 'get', 'some name', '--fu'], ['--full']],
  [['credential', 'add', '--type', ''], [...CREDENTIAL_TYPES]],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['vault', 'import', 'an'], ["an 'odd' file $(x).json"]],
  [['vault', 'set', 'NAME', '--file', 'an'], ["an 'odd' file $(x).json"]],
  [['run', '--js'], []],
  [['admin', 'doc'], ['doctor']],
  [['run', '-e', 'an'], ["an 'odd' file $(x).json"]],
  [['inject', '-o', 'an'], ["an 'odd' file $(x).json"]],
  [['credential', 'get', ''], []],
  [['vault', 'get', 'DB'], ENTRIES],
  [['run', '--', 'a-program-of'], ['a-program-of-mine']],
  [['run', '--vault', '--', 'ls', 'an'], ["an 'odd' file $(x).json"]],
  [['run', 'an'], []],
  [['credential', 'get', '--client', ''], []],
];

const quotedForShell = (words: string[]) => words.map(one => `'${one.replaceAll("'", "'\\''")}'`).join(' ');

testIn('bash')('bash completes commands, options, choices and files', () => {
  const quoted = (words: string[]) => words.map(one => `'${one}'`).join(' ');
  const lines = CASES.map(
    ([typed]) =>
      `COMP_WORDS=(opskeep ${quoted(typed)}) COMP_CWORD=${typed.length}; _opskeep; printf '%s|' "\${COMPREPLY[@]}"; echo`,
  );
  const script = ['source ./bash', `opskeep() { printf '%s\\n' ${quotedForShell(ENTRIES)}; }`, ...lines, 'complete -p opskeep'].join('\n'); // prettier-ignore
  const told = execFileSync('bash', ['--norc', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: environment(),
  })
    .trim()
    .split('\n');
  const offered = told.slice(0, -1).map(line => line.split('|').filter(one => one !== ''));
  // Names are offered as they are typed.
  const asTyped = (words: string[]) =>
    words === ENTRIES ? ['DB_PASSWORD', "DB\\ \\'two\\'\\ \\$\\(touch\\ hit\\)"] : words;
  expect(offered).toEqual(CASES.map(([, words]) => asTyped(words)));
  expect(told.at(-1)).toBe('complete -F _opskeep opskeep');
});

testIn('bash')('bash completes a value behind =, which is a word of its own there', () => {
  const line =
    'COMP_WORDS=(opskeep credential list --type = oa) COMP_CWORD=5; _opskeep; echo "${COMPREPLY[@]}"';
  expect(
    execFileSync('bash', ['--norc', '-c', `source ./bash; ${line}`], { cwd: folder, encoding: 'utf8' }),
  ).toBe('oauth\n');
});

testIn('fish')('fish completes commands, options, choices and files', () => {
  const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const typedAs = (words: string[]) => ['opskeep', ...words.map(one => one.replaceAll(' ', '\\ '))].join(' ');
  const lines = CASES.map(([typed]) => `complete -C ${quoted(typedAs(typed))}; echo ==`);
  const entries = `function opskeep; printf '%s\\n' ${ENTRIES.map(quoted).join(' ')}; end`;
  const told = execFileSync('fish', ['--no-config', '-c', ['source ./fish', entries, ...lines].join('\n')], {
    cwd: folder,
    encoding: 'utf8',
    env: environment(),
  });
  const offered = told
    .split('==\n')
    .slice(0, -1)
    .map(part => part.split('\n').filter(one => one !== ''));
  const words = offered.map(part =>
    part.map(line => (line.split('\t')[0] ?? '').replaceAll('\\', '')).sort(),
  );
  expect(words).toEqual(CASES.map(([, expected]) => [...expected].sort()));
});

// What is typed, and what the command then gets: zsh completes on a terminal alone.
const TYPED: [line: string, called: string[]][] = [
  ['opskeep cred', ['credential']],
  ['opskeep vault exi', ['vault', 'exists']],
  ['opskeep credential get --fu', ['credential', 'get', '--full']],
  ['opskeep credential list --type oa', ['credential', 'list', '--type', 'oauth']],
  ['opskeep vault import an', ['vault', 'import', "an 'odd' file $(x).json"]],
  ['opskeep run -e an', ['run', '-e', "an 'odd' file $(x).json"]],
  ['opskeep vault get DB_', ['vault', 'get', 'DB_PASSWORD']],
  ['opskeep vault get DB\\\\ ', ['vault', 'get', ENTRIES[1] ?? '']],
  ['opskeep run -- a-program-of', ['run', '--', 'a-program-of-mine']],
  ['opskeep run -- ls an', ['run', '--', 'ls', "an 'odd' file $(x).json"]],
  ['opskeep vault set NAME --file an', ['vault', 'set', 'NAME', '--file', "an 'odd' file $(x).json"]],
];

testIn('zsh')('zsh completes commands, options, choices and files', () => {
  const script = [
    'zmodload zsh/zpty',
    "zpty -b z 'TERM=dumb zsh -f -i'",
    `heard() { local line; while zpty -r z line "*$1*"; do [[ $line == *$1* ]] && { print -r -- $line; break }; done }`,
    `zpty -w z 'autoload -Uz compinit; compinit -u -D; source ./zsh'`,
    `zpty -w z 'entries=(${ENTRIES.map(one => `"${one.replaceAll('$', '\\$').replaceAll("'", "'\\''")}"`).join(' ')})'`,
    `zpty -w z 'opskeep() { [[ $* == "vault list --names" ]] && { print -rl -- $entries; return }; print -r -- "GOT:\${(j:|:)@}:E""ND" }; print REA""DY'`,
    'heard READY >/dev/null',
    ...TYPED.map(([line]) => `zpty -w z "${line}"$'\\t'; heard :END`),
    'zpty -d z',
  ].join('\n');
  const told = execFileSync('zsh', ['-f', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 30_000,
    env: environment(),
  });
  const called = [...told.matchAll(/GOT:(.*?):END/g)].map(([, words = '']) => words.split('|'));
  expect(called).toEqual(TYPED.map(([, words]) => words));
});

test('the commands of the server are those that its program has', () => {
  const folder = join('src', 'commands');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name =>
    name.endsWith('.ts'),
  );
  const texts = files.map(name => readFileSync(join(folder, name), 'utf8'));
  const [, list = ''] =
    /subCommands: \[([^\]]*)\]/.exec(texts[files.indexOf('admin.command.ts')] ?? '') ?? [];
  const theirs = [...list.matchAll(/\w+/g)].map(([name]) => {
    const text = texts.find(one => one.includes(`export class ${name} `)) ?? '';
    const [, called] = /name: '([\w-]+)'/.exec(text) ?? [];
    const [, about] = /description:\s*'([^']*)'/.exec(text) ?? [];
    return { name: called, about };
  });
  expect(theirs.length).toBeGreaterThan(5);
  expect(ADMIN.commands.map(({ name, about }) => ({ name, about }))).toEqual(theirs);
});

test('the command prints the scripts, and knows no other shell', async () => {
  const machine = await makeMachine();
  try {
    const { stdout, code } = await machine.run(['completion', 'bash']);
    expect([code, stdout]).toEqual([0, `${bashScript('opskeep', places)}\n`]);
    expect(await machine.run(['vault', 'list', '--names'])).toMatchObject({ code: 0, stdout: '' });
    const vault = { OPSKEEP_VAULT: join(machine.work, 'v'), OPSKEEP_VAULT_KEY_FILE: join(machine.work, 'k') };
    await machine.run(['vault', 'init'], '', vault);
    await machine.run(['vault', 'set', ENTRIES[1] ?? ''], 'CANARY', vault);
    rmSync(vault.OPSKEEP_VAULT_KEY_FILE);
    expect(await machine.run(['vault', 'list', '--names'], '', vault)).toMatchObject({ code: 0, stderr: '', stdout: `${ENTRIES[1]}\n` }); // prettier-ignore
    expect(readdirSync(folder)).not.toContain('hit');
    for (const shell of ['tcsh', 'constructor'])
      expect(await machine.run(['completion', shell])).toMatchObject({ code: 2, stdout: '' });
  } finally {
    machine.remove();
  }
});
