import type { Completes } from '../cli/command.js';
import type { Place, PlaceOption } from './places.js';

const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** What runs when something is to be completed, or the words themselves. */
function candidates(name: string, completes: Exclude<Completes, 'files'>): string {
  if (completes === 'programs') return `(__${name}_behind)`;
  if (completes === 'entries') return `(${name} vault list --names 2>/dev/null </dev/null)`;
  return completes.join(' ');
}

const valueOf = (name: string, completes: Completes | undefined) =>
  completes === undefined
    ? ' -x'
    : completes === 'files'
      ? ' -r -F'
      : ` -x -a ${quoted(candidates(name, completes))}`;

function linesOf(name: string, { path, commands, options, completes }: Place): string[] {
  const at = `complete -c ${name} -n ${quoted(`__${name}_at ${quoted(path)}`)}`;
  const optionLine = (one: PlaceOption) =>
    `${at} -l ${one.name}${one.short ? ` -s ${one.short}` : ''}${one.hasValue ? valueOf(name, one.completes) : ''} -d ${quoted(one.about)}`;
  const own =
    completes === 'files'
      ? [`${at} -F`]
      : completes
        ? [`${at} -a ${quoted(candidates(name, completes))}`]
        : [];
  return [
    ...commands.map(one => `${at} -a ${one.name} -d ${quoted(one.about)}`),
    ...options.map(optionLine),
    ...own,
  ];
}

/** For fish 3 and newer. */
export const fishScript = (name: string, places: Place[]): string => `# Completion of ${name} for fish.
function __${name}_at
  set -l words (commandline -opc)
  set -e words[1]
  set -l place ''
  for word in $words
    switch "$place $word"
      case ${places
        .filter(one => one.path !== '')
        .map(one => quoted(one.path))
        .join(' ')}
        set place "$place $word"
      case '*'
        break
    end
  end
  test "$place" = $argv[1]
end
# What the program behind -- offers.
function __${name}_behind
  set -l words (commandline -opc)
  set -l dashes (contains -i -- -- $words)
  or return
  set -e words[1..$dashes]
  complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c ${name} -f
${places.flatMap(one => linesOf(name, one)).join('\n')}`;
