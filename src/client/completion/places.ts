import type { Command, Completes, GroupCommand, OptionSpec } from '../cli/command.js';

/** An option as shells are told of it. */
export interface PlaceOption {
  /** Without its dashes. */
  name: string;
  /** One letter for it. */
  short?: string;
  about: string;
  /** Whether a value follows. */
  hasValue: boolean;
  /** What that may be; undefined for what nobody can guess. */
  completes?: Completes;
}

/** Where a line may stand: behind the words of a command. */
export interface Place {
  /** The words behind the name of the program, each with a blank before it: ` vault set`. */
  path: string;
  commands: { name: string; about: string }[];
  options: PlaceOption[];
  /** Of the arguments. */
  completes?: Completes;
  /** Whether they stand behind `--`. */
  isBehindDashes?: boolean;
}

function optionOf([name, { about, value, completes, short }]: [string, OptionSpec]): PlaceOption {
  const files = value === 'file' ? ('files' as const) : undefined;
  return { name, short, about, hasValue: value !== undefined, completes: completes ?? files };
}

const JSON: [string, OptionSpec] = ['json', { about: 'print JSON' }];
const HELP: [string, OptionSpec] = ['help', { about: 'how it is called' }];

function placesOf(command: Command, path: string): Place[] {
  if (!('commands' in command)) {
    // What starts another program prints nothing of its own.
    const isOther = command.args?.some(one => one.behindDashes) ?? false;
    const common = isOther ? [HELP] : [JSON, HELP];
    const options = [...Object.entries(command.options ?? {}), ...common].map(optionOf);
    // Arguments of which several are different things complete as the last one does.
    const completes = command.args?.map(one => one.completes).findLast(one => one !== undefined);
    return [{ path, commands: [], options, completes, isBehindDashes: isOther }];
  }
  const own: Place = {
    path,
    commands: command.commands.map(({ name, about }) => ({ name, about })),
    options: [optionOf(HELP)],
  };
  return [own, ...command.commands.flatMap(one => placesOf(one, `${path} ${one.name}`))];
}

/** Every place below a program, from its table of commands. */
export const placesIn = (root: GroupCommand): Place[] => placesOf(root, '');
