import { win32 } from 'node:path';
import { cut } from '../cut.js';
import { redact } from '../../formats/redaction/redact.js';
import { cleanRemote } from './remote.js';
import { remoteOf, type Repository, repositoryName, repositoryOf } from './repository.js';

/** What the server knows a project by: the remote, else the name. */
export interface Project {
  /** 1 to 255 characters. */
  name: string;
  /** Without a password. */
  remote?: string;
  path: string;
}

const MOST = 255;
/** What is read of a name: a secret on the border is masked before it is cut. */
const MOST_READ = 4_096;

/** A name or path as it may be stored: one line, well-formed, without secrets. */
export function asName(text: string, most = MOST): string {
  const line = cut(text, MOST_READ)
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ');
  return cut(redact(line), most).trim();
}

/** The last part of a path of this system, or of Windows. */
function lastPart(path: string): string {
  return win32.basename(path);
}

/** What is worked on in a folder, looked up once. */
export interface Work {
  project: Project;
  repository?: Repository;
}

/** The project that work in this folder belongs to: by the git remote, else the repository's name, else the folder's. */
export function workIn(folder: string): Work {
  const repository = repositoryOf(folder);
  const remote = repository && remoteOf(repository);
  const name = asName(repository ? repositoryName(repository) : lastPart(cut(folder, MOST_READ)));
  const project = {
    name: name === '' ? 'root' : name,
    remote: remote ? cleanRemote(remote) : undefined,
    path: asName(repository?.root ?? folder),
  };
  return { project, repository };
}

export const projectOf = (folder: string): Project => workIn(folder).project;
