import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** A repository of git as its files show it: git itself is not started, which would cost more than all the rest. */
export interface Repository {
  /** Of the working tree. */
  root: string;
  /** Of this working tree: HEAD. */
  folder: string;
  /** Of all working trees: configuration and branches. */
  common: string;
}

const MOST_LEVELS = 64;

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The repository that a folder belongs to; undefined outside of any. */
export function repositoryOf(folder: string): Repository | undefined {
  let root = resolve(folder);
  for (let level = 0; level < MOST_LEVELS; level++, root = dirname(root)) {
    const found = at(root);
    if (found) return found;
    if (dirname(root) === root) return undefined;
  }
  return undefined;
}

function at(root: string): Repository | undefined {
  const entry = join(root, '.git');
  const stat = statSync(entry, { throwIfNoEntry: false });
  if (!stat) return undefined;
  // Working trees beside the first, and submodules, have a file there that names their folder.
  const [, named] = stat.isDirectory() ? [] : (/^gitdir: (.+?)\s*$/m.exec(textOf(entry) ?? '') ?? []);
  const folder = stat.isDirectory() ? entry : named && resolve(root, named);
  if (!folder || !existsSync(join(folder, 'HEAD'))) return undefined;
  const shared = textOf(join(folder, 'commondir'))?.trim();
  return { root, folder, common: shared ? resolve(folder, shared) : folder };
}

/** The branch (undefined for none) and the commit (undefined before the first). */
export function headOf({ folder, common }: Repository): { branch?: string; commit?: string } {
  const head = textOf(join(folder, 'HEAD'))?.trim() ?? '';
  const [, ref] = /^ref: (.+)$/.exec(head) ?? [];
  if (!ref) return { commit: isCommit(head) ? head : undefined };
  const loose = textOf(join(folder, ref))?.trim() ?? textOf(join(common, ref))?.trim();
  return { branch: ref.replace(/^refs\/heads\//, ''), commit: loose ?? packed(common, ref) };
}

const isCommit = (text: string) => /^[0-9a-f]{40,64}$/.test(text);

function packed(common: string, ref: string): string | undefined {
  const line = (textOf(join(common, 'packed-refs')) ?? '').split('\n').find(one => one.endsWith(` ${ref}`));
  const commit = line?.slice(0, line.indexOf(' ')) ?? '';
  return isCommit(commit) ? commit : undefined;
}

/** The remote `origin`, else the first one, as the configuration has it. */
export function remoteOf({ common }: Repository): string | undefined {
  const remotes = new Map<string, string>();
  let section: string | undefined;
  for (const line of (textOf(join(common, 'config')) ?? '').split(/\r?\n/)) {
    const [, kind, name] = /^\s*\[\s*(\w+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line) ?? [];
    if (kind) section = kind.toLowerCase() === 'remote' ? name : undefined;
    const [, url] = /^\s*url\s*=\s*"?(.+?)"?\s*$/i.exec(line) ?? [];
    if (section !== undefined && url && !remotes.has(section)) remotes.set(section, url);
  }
  return remotes.get('origin') ?? remotes.values().next().value;
}

/** What a repository is called: its folder. Working trees beside the first are called as the first is. */
export function repositoryName({ root, common }: Repository): string {
  return basename(basename(common) === '.git' ? dirname(common) : root);
}
