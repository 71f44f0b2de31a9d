import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { UsageError } from '../cli/errors.js';
import { asName, type Project, projectOf } from '../project/project.js';
import { cleanRemote } from '../project/remote.js';

/**
 * The project that somebody names: by a folder (`.`, `..` or with a slash), by a git remote, or by its name.
 *
 * @throws UsageError for a folder that is not there, and for no name
 */
export function projectNamed(text: string): Project {
  const isFolder = statSync(text, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isFolder && (/^\.{1,2}$/.test(text) || /[/\\]/.test(text))) return projectOf(resolve(text));
  const path = asName(process.cwd());
  const remote = cleanRemote(text);
  if (remote) return { name: asName(basename(remote).replace(/\.git$/, '')) || 'root', remote, path };
  const name = asName(text);
  if (name === '' || /[/\\]/.test(text))
    throw new UsageError('--project names neither a folder that is there, nor a git remote, nor a name.');
  return { name, path };
}
