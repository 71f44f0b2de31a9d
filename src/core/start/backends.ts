import type { AppSettings } from '../config/settings.js';
import { bindInstall } from '../crypto/keystore/install.js';
import type { Keystore } from '../crypto/keystore/keystore.js';
import type { MasterKeys } from '../crypto/master-key/master-key-set.js';
import { openKeystore } from '../crypto/keystore/open-keystore.js';
import type { Presence } from '../crypto/keystore/presence.js';
import { type DatabaseOptions, dialectOf, type Migrations } from '../database/database.js';
import { requireImported } from '../database/import-mark.js';
import { MainDatabase } from '../database/main-database.js';
import { runMigrations } from '../database/migrate.js';
import { closeDatabaseFiles } from '../database/sqlite-files.js';
import { Logger } from '../context/logger.js';
import { allStored } from '../table/stored.js';
import { tagSchemas } from '../resource/tags/tag-schema.js';
import { entitySchema } from '../table/entity-schema.js';
import '../table/cluster-lock.entity.js';
import './fact.entity.js';
import { ensureJwtSecret } from './jwt-secret.js';

/** What is opened before the application is made and closed after it. */
export interface Backends {
  settings: AppSettings;
  logger: Logger;
  database: MainDatabase;
  keystore: Keystore;
  masterKeys: MasterKeys;
  presence: Presence;
  install_id: string;
  close(): Promise<void>;
}

/** The migrations of both databases. */
export interface BothMigrations {
  main: Migrations;
  keystore: Migrations;
}

/** Where the two databases are. */
export function databaseUrls(settings: AppSettings): string[] {
  return [settings.DATABASE_URL.reveal(), settings.KEYSTORE_DATABASE_URL.reveal()];
}

/** The tables that belong to the keystore, which is a database of its own. */
const KEYSTORE_TABLES = new Set(['data_keys', 'keystore_facts', 'processes']);

/** Where the main database is, and every table that is declared for it. */
export function mainOptions(settings: AppSettings, migrations: Migrations): DatabaseOptions {
  const url = settings.DATABASE_URL.reveal();
  const stored = allStored().filter(spec => !KEYSTORE_TABLES.has(spec.table));
  const dialect = dialectOf(url);
  const entities = [...stored.map(spec => entitySchema(spec, dialect)), ...tagSchemas(dialect)];
  return { url, ca: settings.DATABASE_CA, pool: settings.DATABASE_POOL, entities, migrations };
}

/** Opens the main database without touching its schema. */
export function openMain(settings: AppSettings, migrations: Migrations): Promise<MainDatabase> {
  return MainDatabase.open(mainOptions(settings, migrations));
}

/** Who opens an installation that is not whole yet: a restore that has put everything into it, or an import of a folder. */
export interface Unfinished {
  restoring?: boolean;
  importing?: boolean;
}

/**
 * Opens and migrates both databases, and checks that keys, keystore and main database belong together.
 * Throws what is wrong in words for an operator; whatever was opened is closed again.
 */
export async function openBackends(
  settings: AppSettings,
  migrations: BothMigrations,
  logger = Logger.create(settings),
  { restoring = false, importing = false }: Unfinished = {},
): Promise<Backends> {
  closeDatabaseFiles(databaseUrls(settings));
  const warn = (message: string) => logger.warn({}, message);
  const { keystore, masterKeys, presence } = await openKeystore(
    settings,
    migrations.keystore,
    warn,
    restoring,
  );
  let database: MainDatabase | undefined;
  try {
    ensureJwtSecret(settings, warn);
    database = await openMain(settings, migrations.main);
    await runMigrations(database, { restoring });
    const opened = database;
    if (!importing) await requireImported(opened);
    const install_id = await bindInstall(opened, keystore);
    const close = async () => {
      await opened.close();
      await presence.end();
      await keystore.close();
    };
    return { settings, logger, database, keystore, masterKeys, presence, install_id, close };
  } catch (error) {
    await database?.close();
    await presence.end();
    await keystore.close();
    throw error;
  }
}
