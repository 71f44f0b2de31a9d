import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { AppSettings } from '../core/config/settings.js';
import { OPSKEEP } from './output.js';

const NAMES = { DATABASE_URL: 'main database', KEYSTORE_DATABASE_URL: 'keystore' } as const;
const BEGIN = `Go to the folder of the one that you mean, or name its data in OPSKEEP_DATA; a new one is begun by "${OPSKEEP} admin serve".`;

interface Place {
  what: string;
  setting: string;
  /** Of SQLite; undefined for a database of a server. */
  file: string | undefined;
}

function placesOf(settings: AppSettings): Place[] {
  return (['DATABASE_URL', 'KEYSTORE_DATABASE_URL'] as const).map(setting => {
    const url = settings[setting].reveal();
    return {
      setting,
      what: NAMES[setting],
      file: url.startsWith('sqlite:') ? resolve(url.slice('sqlite:'.length)) : undefined,
    };
  });
}

const isMissing = ({ file }: Place) =>
  file !== undefined && (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0;

/** What a restore has left that was cut off is half of an installation. */
async function requireRestored(settings: AppSettings): Promise<void> {
  const { unfinishedRestore } = await import('./unfinished-restore.js');
  const { UnfinishedRestoreError } = await import('../core/database/restore-mark.js');
  const mark = await unfinishedRestore(settings);
  if (mark) throw new UnfinishedRestoreError(mark);
}

/** Databases of a server: one that no migration has run in is none of an installation. */
async function requireMigrated(settings: AppSettings): Promise<void> {
  await requireRestored(settings);
  const { openDatabases } = await import('../application.js');
  const { migrationStatus } = await import('../core/database/migrate.js');
  const { main, keystore } = await openDatabases(settings);
  try {
    for (const [what, database] of [
      ['main database', main],
      ['keystore', keystore],
    ] as const)
      // prettier-ignore
      if (!(await migrationStatus(database)).some(one => one.done))
        throw new Error(`There is no installation in the databases of these settings: the ${what} is empty. ${BEGIN}`);
  } finally {
    await main.close();
    await keystore.close();
  }
}

/**
 * A command in the wrong folder must not make an installation there, and then tell that nothing is wrong with it.
 *
 * @throws Error where the settings lead to none, UnfinishedRestoreError to half of one; nothing is made or changed
 */
export async function requireInstallation(settings: AppSettings): Promise<void> {
  const places = placesOf(settings);
  const missing = places.filter(isMissing);
  const [first] = missing;
  if (first?.file !== undefined) {
    await requireRestored(settings);
    if (missing.length === places.length)
      throw new Error(
        `There is no installation in ${dirname(first.file)}: ${first.file} is not there, or empty. ${BEGIN}`,
      );
    const { what, file, setting } = first;
    throw new Error(
      `The ${what} ${file} is not there, or empty, but the other database is: put it back, or correct ${setting}.`,
    );
  }
  if (places.some(one => one.file === undefined)) await requireMigrated(settings);
}
