import { parseArgs } from 'node:util';
import type { ArgumentSpec, Call, LeafCommand } from './command.js';
import { UsageError } from './errors.js';

const hint = 'See --help.';

type Values = Record<string, (string | boolean)[] | undefined>;

/**
 * What stands behind the name of a command. A message never repeats a value: it may have been meant as a secret.
 *
 * @throws UsageError for what the command does not know or lacks
 */
export function parseCall(command: LeafCommand, argv: string[]): Call {
  const specs = { ...command.options, json: { about: '' } } as NonNullable<LeafCommand['options']>;
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, { value, short }]) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        multiple: true,
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
  let parsed: { values: Values; positionals: string[]; tokens: { kind: string }[] };
  try {
    const config = { args: argv, options, strict: true, allowPositionals: true, tokens: true } as const;
    parsed = parseArgs(config) as typeof parsed;
  } catch (error) {
    throw new UsageError(`${saidBy(error as NodeJS.ErrnoException)} ${hint}`);
  }
  const { values, positionals } = parsed;
  for (const [name, given] of Object.entries(values))
    if (given && given.length > 1 && !specs[name]?.many && specs[name]?.value)
      throw new UsageError(`Option --${name} was given more than once. ${hint}`);
  checkArguments(command.args ?? [], positionals);
  const { name: behind } = command.args?.find(one => one.behindDashes) ?? {};
  if (behind !== undefined && parsed.tokens.find(one => one.kind !== 'option')?.kind !== 'option-terminator')
    throw new UsageError(`${behind} stands behind --. ${hint}`);
  const texts = (name: string) => (values[name] ?? []).filter(one => typeof one === 'string');
  return {
    args: positionals,
    values: texts,
    value: name => texts(name).at(-1),
    flag: name => values[name]?.at(-1) === true,
    json: values.json?.at(-1) === true,
  };
}

/** The sentence of parseArgs up to what was given. */
function saidBy({ code, message }: NodeJS.ErrnoException): string {
  const [, option = ''] = /'(-[\w-]{0,40})/.exec(message) ?? [];
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `Unknown option ${option}.`;
  return /argument missing/.test(message)
    ? `Option ${option} needs a value.`
    : `Option ${option} takes no value.`;
}

function checkArguments(specs: ArgumentSpec[], given: string[]): void {
  const missing = specs.filter(one => !one.optional)[given.length];
  if (missing) throw new UsageError(`Missing argument ${missing.name}. ${hint}`);
  if (given.length > specs.length && !specs.at(-1)?.many) throw new UsageError(`Too many arguments. ${hint}`);
}
