import { join, resolve } from 'node:path';
import { surroundings } from '../environment.js';
import { foldersOf } from '../folders.js';
import { repositoryOf } from '../project/repository.js';
import type { Call } from '../cli/command.js';

/** Where hooks are installed. */
export interface Places {
  scope: 'user' | 'project';
  /** The folder `.claude`. */
  folder: string;
  settings: string;
  /** The script as it is installed. */
  script: string;
}

/** The user's own settings with `--user`, else those of the project that the present folder belongs to. */
export function placesOf(call: Pick<Call, 'flag'>): Places {
  const isUser = call.flag('user');
  const own = surroundings().variable('CLAUDE_CONFIG_DIR') ?? join(surroundings().home, '.claude');
  const project = repositoryOf(process.cwd())?.root ?? process.cwd();
  const folder = resolve(isUser ? own : join(project, '.claude'));
  return {
    scope: isUser ? 'user' : 'project',
    folder,
    settings: join(folder, 'settings.json'),
    script: join(foldersOf().data, 'hook.mjs'),
  };
}

/** The script as this program brings it. */
export const broughtScript = () => join(__dirname, 'hook.mjs');
