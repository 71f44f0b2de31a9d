import { headOf, type Repository } from './repository.js';
import { redact } from '../../formats/redaction/redact.js';

/** Where the work stands in git. */
export interface GitState {
  branch?: string;
  commit?: string;
  /** Paths below the root, changed or new; at most 200. */
  changed_files: string[];
}

const MOST_FILES = 200;
const PATIENCE_MS = 3_000;

/** Branch, commit and changed files; these need git, and are none without it. Not for the way of a prompt. */
export async function gitState(repository: Repository): Promise<GitState> {
  const { branch, commit } = headOf(repository);
  const listed = await run(repository.root, ['status', '--porcelain=v1', '-z', '--untracked-files=all']);
  const parts = listed.split('\0');
  const files: string[] = [];
  for (let n = 0; n < parts.length; n++) {
    const part = parts[n] ?? '';
    if (part.length > 3) files.push(redact(part.slice(3)).slice(0, 1_000));
    // What was renamed is followed by its name from before.
    if (/^[RC]/.test(part)) n++;
  }
  return {
    branch: branch && redact(branch).slice(0, 255),
    commit,
    changed_files: files.slice(0, MOST_FILES),
  };
}

async function run(cwd: string, args: string[]): Promise<string> {
  const { execFile } = await import('node:child_process');
  const options = { cwd, timeout: PATIENCE_MS, maxBuffer: 4 << 20, windowsHide: true };
  return new Promise(resolve =>
    execFile('git', ['--no-optional-locks', ...args], options, (error, stdout) =>
      resolve(error ? '' : stdout),
    ),
  );
}
