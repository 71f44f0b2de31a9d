import { win32 } from 'node:path';
import { redact } from '../../formats/redaction/redact.js';
import { remoteOf, type Repository, repositoryName, repositoryOf } from './repository.js';

/** What the server knows a project by: the remote, else the name. */
export interface Project {
  /** 1 to 255 characters. */
  name: string;
  /** Without user and password. */
  remote?: string;
  path: string;
}

const MOST = 255;

/** A remote without the user and password that may stand in it; undefined for a folder of this machine. */
function cleanRemote(remote: string): string | undefined {
  const bare = remote
    .trim()
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1')
    .replace(/[?#].*$/s, '');
  const isFolder = /^(?:[/.\\~]|file:|[a-z]:[/\\])/i.test(bare) || !/[/:]/.test(bare);
  return isFolder || bare.length > MOST ? undefined : redact(bare);
}

/** The last part of a path of this system, or of Windows. */
function lastPart(path: string): string {
  return win32.basename(path.replace(/[/\\]+$/, ''));
}

/** The project that work in this folder belongs to: by the git remote, else the repository's name, else the folder's. */
export function projectOf(
  folder: string,
  repository: Repository | undefined = repositoryOf(folder),
): Project {
  const remote = repository && remoteOf(repository);
  const name = redact(repository ? repositoryName(repository) : lastPart(folder)).slice(0, MOST);
  return {
    name: name.trim() === '' ? 'root' : name,
    remote: remote ? cleanRemote(remote) : undefined,
    path: redact(repository?.root ?? folder).slice(0, MOST),
  };
}
