import type { ArgumentSpec, Command, LeafCommand } from './command.js';

const columns = (rows: [string, string][]) => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd());
};

const placeOf = ({ name, optional, many, behindDashes }: ArgumentSpec) => {
  const place = `${behindDashes ? '-- ' : ''}${name}${many ? '…' : ''}`;
  return optional ? `[${place}]` : place;
};

function optionsOf({ options = {} }: LeafCommand): [string, string][] {
  const own = Object.entries(options).map(
    ([name, { value, short, about }]) =>
      [`${short ? `-${short}, ` : ''}--${name}${value ? ` <${value}>` : ''}`, about] as [string, string],
  );
  return [...own, ['--json', 'print JSON'], ['--help', 'this page']];
}

/** The page that a command shows of itself; `path` is how it is called. */
export function helpOf(path: string[], command: Command): string {
  const called = path.join(' ');
  const { about, more } = command;
  const head = (usage: string) => [`Usage: ${usage}`, '', about, ...(more ? ['', more] : [])];
  if ('commands' in command) {
    const rows = command.commands.map(one => [one.name, one.about] as [string, string]);
    const tail = path.length === 1 ? ['', 'Options:', ...columns([['--version', 'the version']])] : [];
    return [...head(`${called} COMMAND`), '', 'Commands:', ...columns(rows), ...tail].join('\n');
  }
  const places = (command.args ?? []).map(placeOf).join(' ');
  const args = (command.args ?? []).map(one => [one.name, one.about] as [string, string]);
  return [
    ...head(`${called} [options]${places ? ` ${places}` : ''}`),
    ...(args.length > 0 ? ['', 'Arguments:', ...columns(args)] : []),
    '',
    'Options:',
    ...columns(optionsOf(command)),
  ].join('\n');
}
