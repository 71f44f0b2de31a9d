import { posix, win32 } from 'node:path';
import { type Surroundings, surroundings, type Variable } from './environment.js';

/** The folders of the program on a user's machine. */
export interface Folders {
  /** `config.json`, with the address of the server and a token. */
  config: string;
  /** The script of the hooks. */
  data: string;
  /** Spool, sessions, cache and log. */
  state: string;
}

/**
 * Below the folders that the XDG Base Directory Specification names; on Windows below APPDATA and LOCALAPPDATA. A
 * variable that holds no absolute path is ignored, as the specification wants it.
 */
export function foldersOf({ platform, home, variable }: Surroundings = surroundings()): Folders {
  const path = platform === 'win32' ? win32 : posix;
  const below = (name: Variable, ...parts: string[]) => {
    const given = variable(name);
    return path.join(given && path.isAbsolute(given) ? given : path.join(home, ...parts), 'opskeep');
  };
  if (platform !== 'win32')
    return {
      config: below('XDG_CONFIG_HOME', '.config'),
      data: below('XDG_DATA_HOME', '.local', 'share'),
      state: below('XDG_STATE_HOME', '.local', 'state'),
    };
  const local = below('LOCALAPPDATA', 'AppData', 'Local');
  return { config: below('APPDATA', 'AppData', 'Roaming'), data: local, state: path.join(local, 'state') };
}
