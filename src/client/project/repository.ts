import { statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { cut } from '../cut.js';
import { readFileText } from '../read-file.js';
import { redact } from '../../formats/redaction/redact.js';

/**
 * A repository of git as its files show it. Git itself is never started: it would cost more than all the rest, and runs
 * programs that the repository names. What stands in these files was written by others.
 */
export interface Repository {
  /** Of the working tree. */
  root: string;
  /** Of this working tree: HEAD. */
  folder: string;
  /** Of all working trees: configuration and branches. */
  common: string;
}

const MOST_LEVELS = 64;
const MOST_OF_PATH = 4_096;
const MOST_OF_BRANCH = 255;
const PACKED_BYTES = 8 << 20;

/** Whether this is an absolute path of Windows: of a drive, or of another machine there. */
export const isOfWindows = (path: string): boolean => /^(?:[a-z]:[\\/]|\\\\)/i.test(path);

/** The repository that a folder of this machine belongs to, named by its whole path; undefined outside of any. */
export function repositoryOf(folder: string): Repository | undefined {
  if (folder.length > MOST_OF_PATH || !isAbsolute(folder)) return undefined;
  let root = resolve(folder);
  for (let level = 0; level < MOST_LEVELS; level++, root = dirname(root)) {
    const found = at(root);
    if (found) return found;
    if (dirname(root) === root) return undefined;
  }
  return undefined;
}

/** What is there; undefined also for what cannot be a path, or is not to be seen. */
function kindOf(path: string): 'folder' | 'file' | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat?.isDirectory() ? 'folder' : stat?.isFile() ? 'file' : undefined;
  } catch {
    return undefined;
  }
}

/** A folder that a file of git names; a share of another machine is none. */
function named(from: string, text: string | undefined): string | undefined {
  const [line = ''] = (text ?? '').split('\n', 1);
  const path = line.trim();
  return path === '' || path.length > MOST_OF_PATH || /^[/\\]{2}/.test(path)
    ? undefined
    : resolve(from, path);
}

function at(root: string): Repository | undefined {
  const entry = join(root, '.git');
  const kind = kindOf(entry);
  if (!kind) return undefined;
  // Working trees beside the first, and submodules, have a file there that names their folder.
  const text = kind === 'file' ? readFileText(entry) : undefined;
  const folder =
    kind === 'folder' ? entry : text?.startsWith('gitdir:') ? named(root, text.slice(7)) : undefined;
  if (!folder || kindOf(join(folder, 'HEAD')) !== 'file') return undefined;
  return { root, folder, common: named(folder, readFileText(join(folder, 'commondir'))) ?? folder };
}

const commitIn = (text: string | undefined) => {
  const line = text?.trim() ?? '';
  return line.length <= 64 && /^[0-9a-f]{40,64}$/.test(line) ? line : undefined;
};

/** A name below `refs`, and nothing that leads out of there. */
const isReference = (ref: string) =>
  ref.length <= 1_000 && /^refs(?:\/[\p{L}\p{M}\p{N}_.+#@=,-]+)+$/u.test(ref) && !ref.includes('..');

/** The branch (undefined for none) and the commit (undefined before the first), both fit to be stored. */
export function headOf({ folder, common }: Repository): { branch?: string; commit?: string } {
  const [head = ''] = (readFileText(join(folder, 'HEAD')) ?? '').split('\n', 1);
  const ref = head.startsWith('ref:') ? head.slice(4).trim() : undefined;
  if (ref === undefined) return { commit: commitIn(head) };
  if (!isReference(ref)) return {};
  const branch = cut(redact(ref.replace(/^refs\/heads\//, '')), MOST_OF_BRANCH);
  const loose = commitIn(readFileText(join(folder, ref))) ?? commitIn(readFileText(join(common, ref)));
  return { branch, commit: loose ?? packed(common, ref) };
}

function packed(common: string, ref: string): string | undefined {
  const text = readFileText(join(common, 'packed-refs'), { most: PACKED_BYTES }) ?? '';
  const line = text.split('\n').find(one => one.endsWith(` ${ref}`));
  return commitIn(line?.slice(0, line.indexOf(' ')));
}

const SECTION = /^\[([A-Za-z0-9.-]+)(?:[ \t]+"((?:[^"\\]|\\.)*)")?[ \t]*\]/;

/** A value without the quotes around it, and what is said behind it. */
function valueOf(text: string): string {
  const value = text.trim();
  const quoted = /^"([^"]*)"/.exec(value)?.[1];
  return (quoted ?? value.split(/[#;]/, 1)[0] ?? '').trim();
}

/** The remote `origin`, else the first one, as the configuration has it. Takes time in proportion to its length. */
export function remoteOf({ common }: Repository): string | undefined {
  const remotes = new Map<string, string>();
  let section: string | undefined;
  for (const whole of (readFileText(join(common, 'config')) ?? '').split('\n')) {
    if (whole.length > MOST_OF_PATH) continue;
    let line = whole.trim();
    const [head, kind, name] = SECTION.exec(line) ?? [];
    if (head !== undefined) {
      section = kind?.toLowerCase() === 'remote' ? name : undefined;
      line = line.slice(head.length);
    }
    const sign = line.indexOf('=');
    if (section === undefined || sign === -1 || line.slice(0, sign).trim().toLowerCase() !== 'url') continue;
    const url = valueOf(line.slice(sign + 1));
    if (url !== '' && !remotes.has(section)) remotes.set(section, url);
  }
  return remotes.get('origin') ?? remotes.values().next().value;
}

/**
 * What a repository is called: its folder. Working trees beside the first are called as the first is, or as the bare
 * repository that they are of; a submodule has a name of its own.
 */
export function repositoryName({ root, folder, common }: Repository): string {
  if (folder === common) return basename(root);
  const name = basename(common);
  return name.startsWith('.') ? basename(dirname(common)) : name.replace(/\.git$/, '');
}
