import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, LeafCommand } from '../../src/client/cli/command.js';
import { helpOf } from '../../src/client/cli/help.js';
import { ROOT } from '../../src/client/commands.js';

type Called = [path: string[], command: Command];

function below(path: string[], command: Command): Called[] {
  const own: Called = [[...path, command.name], command];
  return 'commands' in command ? [own, ...command.commands.flatMap(one => below(own[0], one))] : [own];
}

const ALL = below([], ROOT);
const leaves = ALL.flatMap(([, command]) => ('commands' in command ? [] : [command]));

/** The texts of the files that make the commands. */
const sources = readdirSync(join('src', 'client'), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => readFileSync(join('src', 'client', name), 'utf8'));

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

test('what commands read is what they declare, and they read all of it', () => {
  const read = new Set(
    sources.flatMap(text =>
      [...text.matchAll(/\b(?:value|values|flag)\(\s*'([\w-]+)'/g)].map(([, name = '']) => name),
    ),
  );
  const numbers = sources.flatMap(text =>
    [...text.matchAll(/numberOf\(call, '([\w-]+)'/g)].map(([, name = '']) => name),
  );
  const declared = new Set(leaves.flatMap(({ options = {} }: LeafCommand) => Object.keys(options)));
  expect([...new Set([...read, ...numbers])].sort()).toEqual([...declared].sort());
});
