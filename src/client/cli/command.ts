/** What completion offers for a value: words, files, programs, or the entries of the local vault; nothing when absent. */
export type Completes = 'files' | 'programs' | 'entries' | readonly string[];

/** An option of a command, `--name` or, with `value`, `--name <value>`. */
export interface OptionSpec {
  about: string;
  /** What its value is called; a flag without one. */
  value?: string;
  /** May be given several times. */
  many?: boolean;
  /** Files for a value that is called `file`, unless said otherwise. */
  completes?: Completes;
  /** One letter for it, as `-o`. */
  short?: string;
}

/** What stands behind the name of a command. */
export interface ArgumentSpec {
  name: string;
  about: string;
  optional?: boolean;
  /** Takes everything that is left. */
  many?: boolean;
  completes?: Completes;
  /** Stands behind `--`, so that its own options are none of this command. */
  behindDashes?: boolean;
}

/** A command as it was called. */
export interface Call {
  /** What stood behind the name, in order. */
  args: string[];
  /** The values of an option. */
  values(name: string): string[];
  /** The last value of an option; undefined when it was not given. */
  value(name: string): string | undefined;
  flag(name: string): boolean;
  /** Whether JSON is asked for. */
  json: boolean;
}

/** Resolves to the exit code, 0 when to none. */
export type Run = (call: Call) => Promise<number | void>;

interface Named {
  name: string;
  /** One line. */
  about: string;
  /** More, for its own help. */
  more?: string;
}

/** A command that does something; what it needs is loaded when it is called. */
export interface LeafCommand extends Named {
  args?: ArgumentSpec[];
  options?: Record<string, OptionSpec>;
  load: () => Promise<Run>;
}

/** A command that only has commands below it: alone it shows them. */
export interface GroupCommand extends Named {
  commands: Command[];
}

export type Command = LeafCommand | GroupCommand;
