import { lstatSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { surroundings } from '../environment.js';
import { foldersOf } from '../folders.js';
import { repositoryOf } from '../project/repository.js';
import type { Call } from '../cli/command.js';
import { ClientError } from '../cli/errors.js';

/** Where hooks are installed. */
export interface Places {
  scope: 'user' | 'project';
  /** The folder `.claude`. */
  folder: string;
  /** That of the user: commands hold paths of this machine, and the folder of a project is shared. */
  commands: string;
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
    commands: resolve(own),
    // That of a project alone would go to everybody with paths of this machine in it.
    settings: join(folder, isUser ? 'settings.json' : 'settings.local.json'),
    script: join(foldersOf().data, 'hook.cjs'),
  };
}

/**
 * In a project whoever made the repository could have laid a link to any file of the user there; links inside of it, and
 * those that users make in their own home, are nobody's business.
 *
 * @throws ClientError for a link that leads out of the repository
 */
export function requireInside({ scope, folder, settings }: Places): void {
  if (scope === 'user') return;
  const root = realpathSync(dirname(folder));
  for (const path of [folder, settings]) {
    if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) continue;
    const way = relative(root, realPathOf(path) ?? '/');
    if (way === '..' || /^\.\.[/\\]/.test(way) || isAbsolute(way))
      throw new ClientError(`${path} is a link that leads out of the repository. Nothing was changed.`);
  }
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** What the script is made of, that which the host starts last. */
const SCRIPT_FILES = ['hook-main.cjs', 'hook.cjs'];

/** The script as this program brings it. */
export const broughtScript = () => join(__dirname, 'hook.cjs');

/** The files of the script as this program brings them, and where they are when it is installed. */
export const scriptFiles = (script: string): { brought: string; installed: string }[] =>
  SCRIPT_FILES.map(name => ({ brought: join(__dirname, name), installed: join(dirname(script), name) }));
