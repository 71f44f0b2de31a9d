import { line } from '../text/plain.js';

export const CHANGE_TYPES = ['created', 'modified', 'deleted', 'renamed'] as const;
export type ChangeType = (typeof CHANGE_TYPES)[number];

export interface FileChange {
  path: string;
  change_type?: ChangeType;
  additions?: number;
  deletions?: number;
}

export interface CompressedFileChanges {
  /** Different files. */
  total: number;
  additions: number;
  deletions: number;
  by_type: Partial<Record<ChangeType, number>>;
  /** The folders with most changes first, each with how many files changed below it. */
  folders: { path: string; files: number }[];
  /** In one line. */
  summary: string;
  /** The first of them, each once, as it changed last. */
  files: FileChange[];
}

const MOST_FILES = 50;
const MOST_FOLDERS = 10;
const MOST_OF_PATH = 300;
const MOST_READ = 1_000;

/** What changed in which files: each file once, as it changed last, and how many below which folders. */
export function compressFileChanges(changes: readonly (FileChange | string)[]): CompressedFileChanges {
  const files = new Map<string, FileChange>();
  for (const one of changes) {
    const change = typeof one === 'string' ? { path: one } : one;
    const path = pathOf(change.path);
    if (path === '') continue;
    const before = files.get(path);
    files.set(path, {
      ...change,
      path,
      change_type: typeOf(before?.change_type, change.change_type),
      additions: (before?.additions ?? 0) + (change.additions ?? 0),
      deletions: (before?.deletions ?? 0) + (change.deletions ?? 0),
    });
  }
  const all = [...files.values()];
  const sum = (name: 'additions' | 'deletions') => all.reduce((total, one) => total + (one[name] ?? 0), 0);
  const by_type: Partial<Record<ChangeType, number>> = {};
  for (const { change_type = 'modified' } of all) by_type[change_type] = (by_type[change_type] ?? 0) + 1;
  const folders = foldersOf(all);
  const told = { additions: sum('additions'), deletions: sum('deletions') };
  return {
    total: all.length,
    ...told,
    by_type,
    folders,
    summary: summaryOf(all.length, by_type, folders, told),
    files: all.slice(0, MOST_FILES).map(one => ({ ...one, path: shownOf(one.path) })),
  };
}

/** With slashes, without what stands for here. */
const pathOf = (given: string) => line(given.replaceAll('\\', '/').replace(/^\.\//, ''), MOST_READ);

/** Of a long path the end, which tells it from others. */
function shownOf(path: string): string {
  return path.length <= MOST_OF_PATH
    ? path
    : `…${path.slice(1 - MOST_OF_PATH).replace(/^[\udc00-\udfff]/, '')}`;
}

/** What is created and then modified is created; what comes back is modified. */
function typeOf(before: ChangeType | undefined, now: ChangeType = 'modified'): ChangeType {
  if (before === 'created' && (now === 'modified' || now === 'renamed')) return 'created';
  return before === 'deleted' && now === 'created' ? 'modified' : now;
}

function foldersOf(files: readonly FileChange[]): { path: string; files: number }[] {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const folder = path.includes('/') ? path.split('/').slice(0, -1).slice(0, 3).join('/') || '/' : '.';
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
    .slice(0, MOST_FOLDERS)
    .map(([path, count]) => ({ path: shownOf(path), files: count }));
}

function summaryOf(
  total: number,
  by_type: Partial<Record<ChangeType, number>>,
  folders: readonly { path: string; files: number }[],
  { additions, deletions }: { additions: number; deletions: number },
): string {
  if (total === 0) return 'No files changed';
  const kinds = CHANGE_TYPES.flatMap(type => (by_type[type] ? [`${by_type[type]} ${type}`] : []));
  const lines = additions + deletions > 0 ? ` (+${additions} −${deletions})` : '';
  const where = folders.slice(0, 3).map(({ path, files }) => `${path} (${files})`).join(', '); // prettier-ignore
  return `${total} ${total === 1 ? 'file' : 'files'}: ${kinds.join(', ')}${lines}; in ${where}`;
}
