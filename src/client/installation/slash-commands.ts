import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeWithFolder } from './settings-file.js';
import { writeWhole } from '../private-files.js';
import { readFileText } from '../read-file.js';

/** Tells our commands from those that somebody wrote. */
const MARK = '<!-- Written by opskeep hooks install; opskeep hooks uninstall removes it. -->';

/** How the program is called from a shell of any system: forward slashes work on Windows, too. */
function programLine(): string {
  const quoted = [process.execPath, join(__dirname, 'cli.js')].map(one => `"${one.replaceAll('\\', '/')}"`);
  return quoted.join(' ');
}

function texts(): Record<string, string> {
  const program = programLine();
  return {
    checkpoint: `---
description: Saves a checkpoint of this session in the memory
argument-hint: "[what matters]"
allowed-tools: Bash
---
${MARK}

Sum up where this session stands in at most 20 lines, under the headings Done, In progress, Blockers, Decisions (each
with its reason) and Next. Mention this, if it is there: $ARGUMENTS

Leave out passwords, keys and tokens. Then save it: run the command below with the summary as its standard input (a
here-document with a quoted delimiter), and say what it answered.

    ${program} checkpoint -
`,
    snapshot: `---
description: Saves where the files stand (branch, commit, changed files) in the memory
argument-hint: "[a note]"
allowed-tools: Bash
---
${MARK}

Run the command below, with a note of one line as its standard input if this is not empty: $ARGUMENTS
Say what it answered, and nothing else.

    ${program} checkpoint -
`,
  };
}

const fileOf = (folder: string, name: string) => join(folder, 'commands', `${name}.md`);
const isOurs = (path: string) => readFileText(path)?.includes(MARK) === true;

/** Writes the commands into the user's folder `.claude`; answers with those that somebody else has, which are left alone. */
export function installSlashCommands(folder: string): string[] {
  mkdirSync(join(folder, 'commands'), { recursive: true });
  return Object.entries(texts()).flatMap(([name, text]) => {
    const path = fileOf(folder, name);
    if (existsSync(path) && !isOurs(path)) return [path];
    writeWhole(path, text, 0o644);
    return [];
  });
}

export function removeSlashCommands(folder: string): void {
  for (const name of Object.keys(texts())) {
    const path = fileOf(folder, name);
    if (isOurs(path)) removeWithFolder(path);
  }
}

/** For a dry run. */
export const slashCommandFiles = (folder: string) => Object.keys(texts()).map(one => fileOf(folder, one));
