import type { Call, GroupCommand, Run } from '../cli/command.js';
import { UsageError } from '../cli/errors.js';
import { print } from '../cli/output.js';
import { bashScript } from './bash.js';
import { fishScript } from './fish.js';
import { placesIn } from './places.js';
import { zshScript } from './zsh.js';

const SCRIPTS: Record<string, (name: string, places: ReturnType<typeof placesIn>) => string> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** Prints the script of a shell for the commands below `root`. */
export function completionOf(root: GroupCommand): Run {
  return async (call: Call) => {
    const [shell = ''] = call.args;
    const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
    if (!script) throw new UsageError('SHELL is bash, zsh or fish.');
    const text = script(root.name, placesIn(root));
    print(call.json, { shell, script: text }, () => text);
    return Promise.resolve();
  };
}
