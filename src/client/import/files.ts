import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ClientError, EXIT } from '../cli/errors.js';
import { asObject, writeWhole } from '../private-files.js';

const READ = /\.(?:jsonl|json|md|markdown)$/i;
const SKIPPED = new Set(['node_modules', '.git']);
const TOMBSTONE = '.imported';

/**
 * The files that paths name, folders with all that is in them, in the order of their names.
 *
 * @throws ClientError for what is not there, and for a file of another kind
 */
export function filesOf(paths: string[]): string[] {
  const found = paths.flatMap(path => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) throw new ClientError(`${path} is not there`, EXIT.missing, 'not_found');
    if (stat.isDirectory()) return inFolder(path);
    if (stat.isFile() && READ.test(path)) return [path];
    throw new ClientError(`${path} is neither a transcript (.jsonl, .json) nor a note (.md, .markdown)`);
  });
  return [...new Set(found)].sort();
}

function inFolder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : inFolder(path);
    return entry.isFile() && READ.test(entry.name) ? [path] : [];
  });
}

/** Whether a tombstone beside a file says that it was imported as it is now. */
export function isBuried(file: string): boolean {
  try {
    const { size, mtime } = asObject(JSON.parse(readFileSync(`${file}${TOMBSTONE}`, 'utf8'))) ?? {};
    const stat = statSync(file);
    return size === stat.size && mtime === stat.mtime.toISOString();
  } catch {
    return false;
  }
}

/** Marks a file as imported as it is now; the file itself stays. */
export function bury(file: string): void {
  const { size, mtime } = statSync(file);
  writeWhole(`${file}${TOMBSTONE}`, `${JSON.stringify({ size, mtime: mtime.toISOString() })}\n`);
}
