import { join } from 'node:path';
import type { Command, LeafCommand } from '../../src/client/cli/command.js';
import { helpOf } from '../../src/client/cli/help.js';
import { ROOT } from '../../src/client/commands.js';
import { loadedIn, optionsRead } from '../harness/options-read.js';

type Called = [path: string[], command: Command];

function below(path: string[], command: Command): Called[] {
  const own: Called = [[...path, command.name], command];
  return 'commands' in command ? [own, ...command.commands.flatMap(one => below(own[0], one))] : [own];
}

const ALL = below([], ROOT);
const leaves = ALL.flatMap(([path, command]): [string[], LeafCommand][] =>
  'commands' in command ? [] : [[path, command]],
);

test.each(ALL)('the help of %j tells everything that it takes', (path, command) => {
  const page = helpOf(path, command);
  expect(page).toContain(`Usage: ${path.join(' ')} `);
  const told =
    'commands' in command
      ? command.commands.map(one => [one.name, one.about])
      : [
          ...Object.entries(command.options ?? {}).map(([name, { about }]) => [`--${name}`, about]),
          ...(command.args ?? []).map(one => [one.name, one.about]),
          ['--json', ''],
        ];
  for (const [name = '', about = ''] of told) {
    const isOf = (one: string) => one.replace(/^ {2}-[a-z], /, '  ').startsWith(`  ${name}`);
    const line = page.split('\n').find(one => isOf(one) && one.endsWith(about));
    expect([name, line]).toEqual([name, expect.any(String)]);
    expect(about).not.toMatch(/\n|\.$/);
  }
  for (const line of page.split('\n')) expect([line, line.length <= 132]).toEqual([line, true]);
});

const LOADED = loadedIn(join('src', 'client'));
/** The file and the function that a command loads. */
function loadedBy({ load }: LeafCommand): [file: string, name: string] | undefined {
  const [, path = ''] = /(?:import|require)\(['"]([^'"]+)['"]\)/.exec(load.toString()) ?? [];
  const [, name = ''] = /\)\.(\w+)\W*$/.exec(load.toString()) ?? [];
  const file = LOADED.get(`${path}#${name}`);
  return file === undefined ? undefined : [file, name];
}

test.each(leaves)('what %j reads is what it declares, and it reads all of it', (_, command) => {
  const loaded = loadedBy(command);
  const read = loaded ? [...optionsRead(...loaded)] : [];
  expect(read.sort()).toEqual(Object.keys(command.options ?? {}).sort());
});

test('of every command it is known what it loads', () => {
  const unknown = leaves.filter(([, command]) => !loadedBy(command)).map(([path]) => path.join(' '));
  expect(unknown.filter(path => !path.startsWith('opskeep admin'))).toEqual(['opskeep completion']);
});
