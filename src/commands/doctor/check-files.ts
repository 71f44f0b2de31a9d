import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Secret } from '../../core/config/settings.js';
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

function databaseFiles({ settings }: Configured): Finding[] {
  const inside = `${settings.OPSKEEP_DATA}/`;
  return [settings.DATABASE_URL, settings.KEYSTORE_DATABASE_URL]
    .map(url => url.reveal())
    .filter(url => url.startsWith('sqlite:'))
    .map(url => resolve(url.slice('sqlite:'.length)))
    .filter(path => !path.startsWith(inside) && isOpen(path))
    .map(path => warning(AREA, `${path} is open to others (${modeOf(path)})`, `chmod 600 ${path}`));
}

/** Who else may read the data folder, the keys, and other files with secrets. */
export function checkFiles(configured: Configured): Finding[] {
  if (process.platform === 'win32') return [];
  return orOk(AREA, 'The data folder and the files with secrets are closed to others', [
    ...foldersAndKeys(configured),
    ...givenFiles(configured),
    ...databaseFiles(configured),
  ]);
}
