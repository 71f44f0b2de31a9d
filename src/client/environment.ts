/** Where the program runs: the one place of the client that reads the environment. */
export interface Surroundings {
  platform: NodeJS.Platform;
  home: string;
  /** A variable; undefined when it is absent or empty. */
  variable: (name: string) => string | undefined;
}

/** The surroundings of this process. Spares `os.homedir`, which the hook need not load. */
export function surroundings(): Surroundings {
  const variable = (name: string) => process.env[name] || undefined;
  const { platform } = process;
  return { platform, home: variable(platform === 'win32' ? 'USERPROFILE' : 'HOME') ?? '.', variable };
}

/** The environment for a process that is started, with changes. */
export function environmentWith(changes: Record<string, string>): Record<string, string | undefined> {
  return { ...process.env, ...changes };
}
