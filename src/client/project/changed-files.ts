import { appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { foldersOf } from '../folders.js';
import { asObject, privateFolder, writePrivate } from '../private-files.js';
import { readFileText } from '../read-file.js';
import { keyOf } from '../spool/event.js';
import { differing } from './index-file.js';
import { asName } from './project.js';
import { headOf, type Repository } from './repository.js';

/** Where the work stands in git. */
export interface GitState {
  branch?: string;
  commit?: string;
  /** Paths below the root, changed or new; at most 200. */
  changed_files: string[];
}

const MOST_FILES = 200;
const MOST_OF_PATH = 1_000;
const TAIL_BYTES = 64 * 1024;

const folderOf = (state: string) => join(state, 'changed');
const fileOf = (state: string, root: string) => join(folderOf(state), `${keyOf(root)}.jsonl`);

/** Keeps the path of a file, below the root, that a tool has written. */
export function sawChange(state: string, { root }: Repository, path: string): void {
  privateFolder(folderOf(state));
  const file = fileOf(state, root);
  const line = `${JSON.stringify({ at: Date.now(), path: asName(path, MOST_OF_PATH) })}\n`;
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 2 * TAIL_BYTES)
    writePrivate(file, `${linesOf(file).join('\n')}\n`);
  appendFileSync(file, line, { mode: 0o600 });
}

/** Whole lines from the end. */
function linesOf(file: string): string[] {
  const text = readFileText(file, { most: TAIL_BYTES, end: true }) ?? '';
  return text.split('\n').filter(one => one.startsWith('{') && one.endsWith('}'));
}

/** What tools have written since the last commit, the newest first. */
function seenSince(state: string, root: string, time: number): string[] {
  const paths = linesOf(fileOf(state, root)).map(line => {
    const { at, path } = parsed(line);
    return typeof at === 'number' && at > time && typeof path === 'string' ? path : '';
  });
  return [...new Set(paths.toReversed())].filter(one => one !== '');
}

function parsed(line: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(line)) ?? {};
  } catch {
    return {};
  }
}

/** When HEAD moved last, in milliseconds since 1970; 0 when that cannot be told. */
function movedAt({ folder }: Repository): number {
  return statSync(join(folder, 'logs', 'HEAD'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/**
 * Branch, commit and changed files: what differs from the index of git, and what tools have written since HEAD moved
 * last. Git itself is not started, because it would start what the repository names. What was changed by another program
 * and added to the index since is not seen, nor are its new files.
 */
export function gitState(repository: Repository, state = foldersOf().state): GitState {
  const files = new Set(seenSince(state, repository.root, movedAt(repository)));
  const head = headOf(repository);
  for (const path of differing(repository, MOST_FILES, head.commit?.length === 64))
    files.add(asName(path, MOST_OF_PATH));
  return { ...head, changed_files: [...files].slice(0, MOST_FILES) };
}
