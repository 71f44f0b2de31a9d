import type { Completes } from '../cli/command.js';
import type { Place } from './places.js';

/** Between single quotes, with the colon that _describe takes for the end of a name. */
const described = (name: string, about: string) =>
  `'${name.replaceAll(':', '\\:')}:${about.replaceAll("'", "'\\''")}'`;

const offer = (completes: Completes | undefined) =>
  completes === undefined ? ':' : completes === 'files' ? '_files' : `compadd -- ${completes.join(' ')}`;

function placeCase({ path, commands, options, completes }: Place): string {
  const valued = options.filter(one => one.hasValue);
  return [
    `    ('${path}')`,
    '      case $previous in',
    ...valued.map(
      one => `        (--${one.name}${one.short ? `|-${one.short}` : ''}) ${offer(one.completes)}; return ;;`,
    ),
    '      esac',
    '      if [[ $PREFIX == -* ]]; then',
    `        known=(${options.map(one => described(`--${one.name}`, one.about)).join(' ')})`,
    '        _describe -o option known',
    '      else',
    commands.length > 0
      ? `        known=(${commands.map(one => described(one.name, one.about)).join(' ')})\n        _describe command known`
      : `        ${offer(completes)}`,
    '      fi ;;',
  ].join('\n');
}

/** For zsh, sourced below compinit, or as a file _opskeep in its fpath. */
export const zshScript = (name: string, places: Place[]): string => `#compdef ${name}
# Completion of ${name} for zsh.
_${name}() {
  local at=2 place= previous=
  local -a known
  while (( at < CURRENT )); do
    case "$place \${words[at]}" in
      (${places
        .filter(one => one.path !== '')
        .map(one => `'${one.path}'`)
        .join('|')}) place="$place \${words[at]}" ;;
      (*) break ;;
    esac
    (( at++ ))
  done
  (( CURRENT > 2 )) && previous=\${words[CURRENT-1]}
  case $place in
${places.map(placeCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi`;
