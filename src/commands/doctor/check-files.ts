import { existsSync, lstatSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Secret } from '../../core/config/settings.js';
import { databaseFiles } from '../../core/database/sqlite-files.js';
import { databaseUrls } from '../../core/start/backends.js';
import { fault, type Finding, orOk, warning } from './finding.js';
import type { Configured } from './patient.js';
import { MADE_IN } from './settings-report.js';

const AREA = 'files';
const OTHERS = 0o077;

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8).padStart(3, '0');
const isOpen = (path: string) => existsSync(path) && (statSync(path).mode & OTHERS) !== 0;

function foldersAndKeys({ settings }: Configured): Finding[] {
  const folder = settings.OPSKEEP_DATA;
  const keys = Object.values(MADE_IN).map(name => join(folder, name));
  return [folder, ...keys].filter(isOpen).map(path => {
    const needed = path === folder ? '700' : '600';
    return fault(AREA, `${path} is open to others (${modeOf(path)})`, `chmod ${needed} ${path}`);
  });
}

/** Files that others made: a container's secrets are readable to all of its users by design. */
function givenFiles({ settings, sources, files }: Configured): Finding[] {
  const held = Object.entries(settings).filter(([, value]) => value instanceof Secret);
  const paths = new Set(
    held.flatMap(([name]) => files[name] ?? (sources[name] === '.env' ? resolve('.env') : [])),
  );
  return [...paths]
    .filter(isOpen)
    .map(path =>
      warning(AREA, `${path} holds secrets and is open to others (${modeOf(path)})`, `chmod 600 ${path}`),
    );
}

const isMine = (uid: number) => [0, process.getuid?.()].includes(uid);

/** Whoever may write into the folder of a database puts another file in its place. */
function foldersOf(paths: string[]): Finding[] {
  return [...new Set(paths.map(path => dirname(path)))]
    .filter(folder => (statSync(folder).mode & 0o022) !== 0 && (statSync(folder).mode & 0o1000) === 0)
    .map(folder => fault(AREA, `Others may write into ${folder} (${modeOf(folder)})`, `chmod 700 ${folder}`));
}

/** SQLite's files, with what it keeps beside them, and where links lead. */
function sqliteFiles({ settings }: Configured): Finding[] {
  const paths = databaseFiles(databaseUrls(settings));
  const isLink = (path: string) => lstatSync(path).isSymbolicLink();
  const foreign = (path: string) => !isMine(lstatSync(path).uid);
  return [
    ...paths
      .filter(path => !isLink(path) && isOpen(path))
      .map(path => fault(AREA, `${path} is open to others (${modeOf(path)})`, `chmod 600 ${path}`)),
    ...paths
      .filter(foreign)
      .map(path => fault(AREA, `${path} belongs to somebody else`, `chown ${userInfo().username} ${path}`)),
    ...paths
      .filter(path => isLink(path) && /-(wal|shm|journal)$|\.server$/.test(path))
      .map(path => fault(AREA, `${path} is a symbolic link, and SQLite writes rows there`, `rm ${path}`)),
    ...foldersOf(paths),
  ];
}

/** Who else may read the data folder, the keys, and other files with secrets. */
export function checkFiles(configured: Configured): Finding[] {
  if (process.platform === 'win32') return [];
  return orOk(AREA, 'The data folder and the files with secrets are closed to others', [
    ...foldersAndKeys(configured),
    ...givenFiles(configured),
    ...sqliteFiles(configured),
  ]);
}
