/** Variables of our own; those that open a vault or a server are keys, which no program that we start gets. */
export const OWN_VARIABLES = {
  FPAI_CREDENTIALS_KEY: { isKey: true },
  OPSKEEP_VAULT: { isKey: false },
  OPSKEEP_VAULT_KEY_FILE: { isKey: true },
  OPSKEEP_URL: { isKey: false },
  OPSKEEP_TOKEN: { isKey: true },
  CREDENTIALS_MANAGER_TOKEN: { isKey: true },
  OPSKEEP_HOOKS: { isKey: false },
} as const;
type OwnVariable = keyof typeof OWN_VARIABLES;

/** Those of the system, and of the host of the hooks. */
type HostVariable =
  | 'HOME' | 'USERPROFILE' | 'XDG_CONFIG_HOME' | 'XDG_STATE_HOME' | 'XDG_DATA_HOME' | 'APPDATA' | 'LOCALAPPDATA'
  | 'TERM' | 'NO_COLOR' | 'CLAUDE_CONFIG_DIR' | 'CLAUDE_PROJECT_DIR'; // prettier-ignore
export type Variable = OwnVariable | HostVariable;

/** Where the program runs: the one place of the client that reads the environment. */
export interface Surroundings {
  platform: NodeJS.Platform;
  home: string;
  /** A variable; undefined when it is absent or empty. */
  variable: (name: Variable) => string | undefined;
}

/** The surroundings of this process. Spares `os.homedir`, which the hook need not load. */
export function surroundings(): Surroundings {
  const variable = (name: Variable) => process.env[name] || undefined;
  const { platform } = process;
  return { platform, home: variable(platform === 'win32' ? 'USERPROFILE' : 'HOME') ?? '.', variable };
}

/** The environment for a process that is started, with changes. */
export function environmentWith(changes: Record<string, string>): Record<string, string | undefined> {
  return { ...process.env, ...changes };
}
