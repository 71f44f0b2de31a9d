import type { Completes } from '../cli/command.js';
import type { Place, PlaceOption } from './places.js';

const offer = (completes: Completes | undefined) =>
  completes === undefined ? 'return' : completes === 'files' ? 'files=1' : `words='${completes.join(' ')}'`;

const afterOption = ({ name, short, completes }: PlaceOption) =>
  `        --${name}${short ? `|-${short}` : ''}) ${offer(completes)} ;;`;

function placeCase({ path, commands, options, completes }: Place): string {
  const valued = options.filter(one => one.hasValue);
  const flags = options.map(one => `--${one.name}`).join(' ');
  const names = commands.map(one => one.name).join(' ');
  return [
    `    '${path}')`,
    '      case $previous in',
    ...valued.map(afterOption),
    '        *)',
    `          if [[ $word == -* ]]; then words='${flags}'`,
    names === '' ? `          else ${completes ? offer(completes) : ':'}` : `          else words='${names}'`,
    '          fi ;;',
    '      esac ;;',
  ].join('\n');
}

/** For bash 3.2 and newer. */
export const bashScript = (name: string, places: Place[]): string => `# Completion of ${name} for bash.
_${name}() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path= at=1 words= files=
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
  case $path in
${places.map(placeCase).join('\n')}
  esac
  local line
  while IFS= read -r line; do
    [[ -n $line ]] && COMPREPLY+=("$line")
  done < <(if [[ -n $files ]]; then compgen -f -- "$word"; else compgen -W "$words" -- "$word"; fi)
  if [[ -n $files ]]; then compopt -o filenames 2>/dev/null; fi
}
complete -F _${name} ${name}`;
