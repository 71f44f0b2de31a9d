import type { Completes } from '../cli/command.js';
import type { Place, PlaceOption } from './places.js';

function offer(completes: Completes | undefined): string {
  if (completes === undefined) return 'return';
  return typeof completes === 'string' ? `kind=${completes}` : `words='${completes.join(' ')}'`;
}

const afterOption = ({ name, short, completes }: PlaceOption) =>
  `        --${name}${short ? `|-${short}` : ''}) ${offer(completes)} ;;`;

function placeCase({ path, commands, options, completes, isBehindDashes }: Place): string {
  const valued = options.filter(one => one.hasValue);
  const flags = options.map(one => `--${one.name}`).join(' ');
  const names = commands.map(one => one.name).join(' ');
  return [
    `    '${path}')`,
    '      case $previous in',
    ...valued.map(afterOption),
    '        *)',
    `          if [[ $word == -* ]]; then words='${flags}'`,
    names === ''
      ? `          else ${completes && !isBehindDashes ? offer(completes) : ':'}`
      : `          else words='${names}'`,
    '          fi ;;',
    '      esac ;;',
  ].join('\n');
}

/** For bash 3.2 and newer. */
export const bashScript = (name: string, places: Place[]): string => `# Completion of ${name} for bash.
_${name}() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path= at=1 words= kind=
  # Bash takes = for a word of its own.
  if [[ $word == = ]]; then word=
  elif [[ $previous == = ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  while ((at < COMP_CWORD)); do
    case "$path \${COMP_WORDS[at]}" in
      ${places
        .filter(one => one.path !== '')
        .map(one => `'${one.path}'`)
        .join('|')}) path="$path \${COMP_WORDS[at]}" ;;
      *) break ;;
    esac
    ((at++))
  done
  COMPREPLY=()
  # Behind -- stands another program, with its own completion where there is one.
  local dashes=at
  while ((dashes < COMP_CWORD)) && [[ \${COMP_WORDS[dashes]} != -- ]]; do ((dashes++)); done
  if ((dashes < COMP_CWORD)); then
    if declare -F _command_offset >/dev/null; then _command_offset $((dashes + 1)); return; fi
    if ((dashes + 1 == COMP_CWORD)); then kind=programs; else kind=files; fi
  else
  case $path in
${places.map(placeCase).join('\n')}
  esac
  fi
  local line
  while IFS= read -r line; do
    [[ -n $line ]] || continue
    if [[ $kind == entries ]]; then
      [[ $line == "$word"* ]] || continue
      printf -v line %q "$line"
    fi
    COMPREPLY+=("$line")
  done < <(case $kind in
    files) compgen -f -- "$word" ;;
    programs) compgen -c -- "$word" ;;
    entries) ${name} vault list --names 2>/dev/null </dev/null ;;
    *) compgen -W "$words" -- "$word" ;;
  esac)
  if [[ $kind == files ]]; then compopt -o filenames 2>/dev/null; fi
}
complete -F _${name} ${name}`;
