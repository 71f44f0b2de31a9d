import { InputFault } from '../../formats/bounded-input.js';
import { programVersion } from '../version.js';
import type { Command, GroupCommand } from './command.js';
import { ClientError, EXIT, UsageError } from './errors.js';
import { helpOf } from './help.js';
import { nearest } from '../../formats/nearest.js';
import { printNotice, stdout } from './output.js';
import { parseCall } from './parse.js';

const HELP = new Set(['--help', '-h']);
const VERSION = new Set(['--version', '-V', '-v']);

/** The command that the first words name, how it is called, and the words behind. */
function find(root: GroupCommand, argv: string[]): { command: Command; path: string[]; rest: string[] } {
  let command: Command = root;
  const path = [root.name];
  let rest = argv;
  while ('commands' in command) {
    const [word] = rest;
    if (word === undefined || HELP.has(word)) break;
    const next: Command | undefined = command.commands.find(one => one.name === word);
    if (!next) throw noCommand(word, command);
    command = next;
    path.push(word);
    rest = rest.slice(1);
  }
  return { command, path, rest };
}

/** A word that may have been meant as something else is not repeated when it looks like an option with a value. */
function noCommand(word: string, { commands }: GroupCommand): UsageError {
  const meant = nearest(
    word,
    commands.map(one => one.name),
  );
  const hint = meant === undefined ? 'See --help.' : `Did you mean ${meant}? See --help.`;
  return new UsageError(`There is no command ${word.split('=')[0]} here. ${hint}`);
}

/** The words before `--`: behind it everything is an argument. */
function beforeDashes(words: string[]): string[] {
  const end = words.indexOf('--');
  return end === -1 ? words : words.slice(0, end);
}

const asksForHelp = (rest: string[]) => beforeDashes(rest).some(one => HELP.has(one));

async function run(root: GroupCommand, argv: string[]): Promise<number> {
  if (VERSION.has(argv[0] ?? '')) {
    stdout().write(`${programVersion()}\n`);
    return EXIT.ok;
  }
  // `help credential get` is `credential get --help`.
  const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
  const { command, path, rest } = find(root, words);
  if ('commands' in command || asksForHelp(rest)) {
    stdout().write(`${helpOf(path, command)}\n`);
    return EXIT.ok;
  }
  const call = parseCall(command, rest);
  return (await (await command.load())(call)) ?? EXIT.ok;
}

/** A failure in words, or as `{"error", "code"}` where JSON is asked for; on stderr in any case. */
function tell(error: unknown, json: boolean): number {
  if (error instanceof InputFault) return tell(new UsageError(error.message), json);
  const isOurs = error instanceof ClientError;
  const { message, code } = error as NodeJS.ErrnoException;
  printNotice(json ? JSON.stringify({ error: message, code: code ?? 'failed' }) : message);
  return isOurs ? error.exitCode : EXIT.failed;
}

/** Runs the command below `root` that the arguments name. */
export async function runMain(root: GroupCommand, argv: string[]): Promise<void> {
  try {
    process.exitCode = await run(root, argv);
  } catch (error) {
    process.exitCode = tell(error, beforeDashes(argv).includes('--json'));
  }
}
