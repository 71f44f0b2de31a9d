import { secretFromEnvironment } from '../../../core/config/from-environment.js';
import { UsageError } from '../../../failure.js';
import { readSecret } from '../../secret-input.js';
import type { EarlierDatabase } from './earlier-database.js';

/** Where an earlier database is; the address of a server has a password, and so never stands on the command line. */
export interface SourceOptions {
  databaseUrlFile?: string;
  databaseUrlEnv?: string;
  databaseCa?: string;
}

/** @throws UsageError for none or several places, and what cannot be read there */
export async function openSource(file: string | undefined, options: SourceOptions): Promise<EarlierDatabase> {
  const { databaseUrlFile, databaseUrlEnv, databaseCa } = options;
  if ([file, databaseUrlFile, databaseUrlEnv].filter(one => one !== undefined).length !== 1)
    throw new UsageError(
      'The earlier database is one of: a file of SQLite, --database-url-file, --database-url-env. See --help.',
    );
  if (file !== undefined) return openFile(file);
  const url = databaseUrlFile
    ? await readSecret('address of the database', { file: databaseUrlFile })
    : secretFromEnvironment(databaseUrlEnv ?? '')?.reveal();
  if (url === undefined)
    throw new UsageError('The variable of --database-url-env is not set in the environment.');
  if (url.startsWith('sqlite:')) return openFile(url.slice('sqlite:'.length));
  const { MariadbSource } = await import('./mariadb-source.js');
  return MariadbSource.open(url.trim(), databaseCa);
}

async function openFile(file: string): Promise<EarlierDatabase> {
  if (file.includes('://'))
    throw new UsageError(
      'The address of a server has a password, which every process could read here: ' +
        'it comes from --database-url-file or --database-url-env.',
    );
  const { SqliteSource } = await import('./sqlite-source.js');
  return SqliteSource.open(file);
}
