import { chmodSync, existsSync, lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type BetterSqlite from 'better-sqlite3';
import { openSqlite } from '../../formats/sqlite-driver.js';
import { isBusy } from './database-errors.js';

/** Milliseconds for a server that is just ending. */
const PATIENCE_MS = 1_000;
const OTHERS = 0o077;
/** What SQLite keeps beside a database: rows stand in each of them. */
const BESIDE = ['-wal', '-shm', '-journal'];
const LOCK = '.server';

/** A handle that nobody held would be collected, and its lock with it. */
const held = new Set<BetterSqlite.Database>();

const fileOf = (url: string) => resolve(url.slice('sqlite:'.length));
const sqliteUrls = (urls: string[]) => urls.filter(url => url.startsWith('sqlite:'));

/** The file that a url means: SQLite follows a symbolic link, and keeps its own files beside the real one. */
function realFileOf(url: string): string {
  const path = fileOf(url);
  if (existsSync(path)) return realpathSync(path);
  const folder = dirname(path);
  return existsSync(folder) ? join(realpathSync(folder), basename(path)) : path;
}

/** Every file in which rows of these databases stand, as far as it is there; links are named as links. */
export function databaseFiles(urls: string[]): string[] {
  return sqliteUrls(urls).flatMap(url => {
    const file = realFileOf(url);
    const names = [fileOf(url), file, ...[...BESIDE, LOCK].map(ending => file + ending)];
    return [...new Set(names)].filter(path => lstatSync(path, { throwIfNoEntry: false }));
  });
}

/**
 * Makes the files of these databases readable to their owner alone.
 *
 * @throws Error where SQLite's own file beside a database is a link: somebody else would get its rows
 */
export function closeDatabaseFiles(urls: string[]): void {
  if (process.platform === 'win32') return;
  for (const url of sqliteUrls(urls)) {
    const file = realFileOf(url);
    for (const path of [file, ...[...BESIDE, LOCK].map(ending => file + ending)]) {
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (!found) continue;
      if (found.isSymbolicLink())
        throw new Error(`${path} is a symbolic link, and SQLite writes rows there: remove the link`);
      const { mode, uid } = statSync(path);
      if ((mode & OTHERS) !== 0 && uid === process.getuid?.()) chmodSync(path, 0o600);
    }
  }
}

/** Takes the lock of one database; the number of the process that holds it stands in the file's header. */
function lock(file: string): BetterSqlite.Database {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const handle = openSqlite(file + LOCK, { timeout: PATIENCE_MS });
  const holder = () => Number(handle.pragma('user_version', { simple: true }));
  try {
    for (;;) {
      handle.exec('BEGIN IMMEDIATE');
      handle.pragma(`user_version = ${process.pid}`);
      handle.exec('COMMIT; BEGIN IMMEDIATE');
      // Another one may have come between the two.
      if (holder() === process.pid) return handle;
      handle.exec('ROLLBACK');
    }
  } catch (error) {
    const other = isBusy(error) ? holder() : undefined;
    handle.close();
    if (other === undefined) throw error;
    throw new Error(
      `Another Opskeep server (process ${other}) serves ${file}. One server at a time works with files of SQLite: ` +
        'stop that one, or set DATABASE_URL and KEYSTORE_DATABASE_URL to MariaDB, which serves several',
    );
  }
}

/**
 * Keeps a second server from the same files of SQLite; commands are not kept out. The lock is the operating system's,
 * so that it ends with its process, however that ends. Answers with what gives it back.
 *
 * @throws Error that names the process which holds it
 */
export function lockForServer(urls: string[]): () => void {
  const mine: BetterSqlite.Database[] = [];
  const release = () => {
    for (const handle of mine.splice(0)) {
      held.delete(handle);
      handle.close();
    }
  };
  try {
    for (const url of sqliteUrls(urls)) {
      const handle = lock(realFileOf(url));
      held.add(handle);
      mine.push(handle);
    }
    return release;
  } catch (error) {
    release();
    throw error;
  }
}
