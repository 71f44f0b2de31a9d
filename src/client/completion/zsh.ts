import type { Completes } from '../cli/command.js';
import type { Place } from './places.js';

/** Between single quotes, with the colon that _describe takes for the end of a name. */
const described = (name: string, about: string) =>
  `'${name.replaceAll(':', '\\:')}:${about.replaceAll("'", "'\\''")}'`;

function offer(name: string, completes: Completes | undefined): string {
  if (completes === undefined) return ':';
  if (completes === 'files') return '_files';
  if (completes === 'programs') return '_command_names -e';
  // Lines, each as it is.
  if (completes === 'entries')
    return `compadd -- \${(f)"$(${name} vault list --names 2>/dev/null </dev/null)"}`;
  return `compadd -- ${completes.join(' ')}`;
}

function placeCase(name: string, { path, commands, options, completes, isBehindDashes }: Place): string {
  const valued = options.filter(one => one.hasValue);
  return [
    `    ('${path}')`,
    '      case $previous in',
    ...valued.map(
      one =>
        `        (--${one.name}${one.short ? `|-${one.short}` : ''}) ${offer(name, one.completes)}; return ;;`,
    ),
    '      esac',
    '      if [[ $PREFIX == -* ]]; then',
    `        known=(${options.map(one => described(`--${one.name}`, one.about)).join(' ')})`,
    '        _describe -o option known',
    '      else',
    commands.length > 0
      ? `        known=(${commands.map(one => described(one.name, one.about)).join(' ')})\n        _describe command known`
      : `        ${offer(name, isBehindDashes ? undefined : completes)}`,
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
  # Behind -- stands another program, with its own completion.
  local dashes=\${words[(ib:at:)--]}
  if (( dashes < CURRENT )); then
    words=("\${(@)words[dashes + 1, -1]}")
    (( CURRENT -= dashes ))
    _normal
    return
  fi
  (( CURRENT > 2 )) && previous=\${words[CURRENT-1]}
  case $place in
${places.map(one => placeCase(name, one)).join('\n')}
  esac
}
if [[ $funcstack[1] == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi`;
