import { CommandRunner, Option } from 'nest-commander';
import { UsageError } from '../failure.js';
import { nearest } from '../formats/nearest.js';

type Commander = Parameters<CommandRunner['setCommand']>[0];

/** What every command of the program has: errors that end in an exit code, and no arguments without a meaning. */
function prepare(command: Commander): void {
  command.exitOverride();
  command.configureOutput({ outputError: (text, write) => write(usageError(text)) });
  command.showHelpAfterError('See --help.');
}

/** An error of commander as a sentence; what was meant as a secret (`--password=…`) is not repeated. */
function usageError(text: string): string {
  const sentence = text.replace(/^error: (\w)/, (_, first: string) => first.toUpperCase());
  return sentence.replace(/(--[\w-]+)=[^']*/g, '$1=…').replace(/(?<![.!?])\n$/, '.\n');
}

/** A command that does something; what it prints is available as JSON. */
export abstract class Command extends CommandRunner {
  override setCommand(command: Commander): this {
    prepare(command);
    command.allowExcessArguments(false);
    return super.setCommand(command);
  }

  @Option({ flags: '--json', description: 'print JSON' })
  protected parseJson(): boolean {
    return true;
  }

  /** Whatever `run` of the parts of the line are called in the audit: `admin user add`. */
  protected get path(): string {
    const names: string[] = [];
    for (let one: Commander | null = this.command; one?.parent; one = one.parent) names.unshift(one.name());
    return names.join(' ');
  }
}

/** A command that only has commands below it: alone it shows them. */
export abstract class CommandGroup extends CommandRunner {
  override setCommand(command: Commander): this {
    prepare(command);
    return super.setCommand(command);
  }

  override run([unknown]: string[]): Promise<void> {
    if (unknown !== undefined) throw this.noCommand(unknown);
    this.command.outputHelp();
    return Promise.resolve();
  }

  /** A word that may have been meant as something else is not repeated when it looks like an option with a value. */
  private noCommand(word: string): UsageError {
    const meant = nearest(
      word,
      this.command.commands.map(one => one.name()),
    );
    const hint = meant === undefined ? 'See --help.' : `Did you mean ${meant}? See --help.`;
    return new UsageError(`There is no command ${word.split('=')[0]} here. ${hint}`);
  }
}

/** Collects the values of an option that may be given several times, or with commas. */
export function collect(value: string, before: unknown): string[] {
  const parts = value
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
  return [...(Array.isArray(before) ? (before as string[]) : []), ...parts];
}
