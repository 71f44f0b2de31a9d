import type { Database } from '../../core/database/database.js';
import { fault, type Finding, orOk } from './finding.js';
import type { Patient } from './patient.js';

const AREA = 'database';

/** SQLite: what every connection must be set to; read back from the one that writes. */
const PRAGMAS: Record<string, string | number> = {
  journal_mode: 'wal',
  synchronous: 2,
  foreign_keys: 1,
  recursive_triggers: 1,
};

async function sqlite(name: string, database: Database): Promise<Finding[]> {
  const transaction = await database.connections.begin();
  try {
    const found: Finding[] = [];
    for (const [pragma, wanted] of Object.entries(PRAGMAS)) {
      const [row] = await transaction.select(`PRAGMA ${pragma}`);
      const value = row?.[pragma];
      if (value !== wanted)
        found.push(
          fault(
            AREA,
            `${name}: ${pragma} is ${String(value)} and must be ${wanted}`,
            'Put the file on a local disk: some network file systems know no WAL',
          ),
        );
    }
    const broken = await transaction.select<{ quick_check: string }>('PRAGMA quick_check(5)');
    const faults = broken.map(row => row.quick_check).filter(text => text !== 'ok');
    return [
      ...found,
      ...faults.map(text => fault(AREA, `${name}: the file is damaged: ${text}`, 'Restore it from a backup')),
    ];
  } finally {
    await transaction.rollback();
  }
}

interface Server {
  version: string;
  flush: number;
  sql_mode: string;
}

const isOld = (version: string) => {
  const [major = 0, minor = 0] = version.split('.').map(part => Number.parseInt(part, 10));
  return /mariadb/i.test(version) ? major < 10 || (major === 10 && minor < 6) : major < 8;
};

async function mariadb(name: string, database: Database): Promise<Finding[]> {
  const [server] = await database.connections.reader.select<Server>(
    'SELECT VERSION() AS version, @@innodb_flush_log_at_trx_commit AS flush, @@SESSION.sql_mode AS sql_mode',
  );
  if (!server) return [];
  const found: Finding[] = [];
  if (isOld(server.version))
    found.push(
      fault(AREA, `${name}: ${server.version} is too old`, 'Update to MariaDB 10.6 or MySQL 8, or newer'),
    );
  if (Number(server.flush) !== 1)
    found.push(
      fault(
        AREA,
        `${name}: innodb_flush_log_at_trx_commit is ${server.flush}: what was committed can be lost`,
        'SET GLOBAL innodb_flush_log_at_trx_commit = 1, and set it in the server’s configuration',
      ),
    );
  if (!/STRICT_(ALL|TRANS)_TABLES/.test(server.sql_mode))
    found.push(
      fault(
        AREA,
        `${name}: sql_mode is not strict: values are cut silently`,
        'Set sql_mode to STRICT_ALL_TABLES',
      ),
    );
  return found;
}

/** Whether the databases keep what they have confirmed. */
export async function checkDatabase({ main, keystore }: Patient): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const [name, database] of Object.entries({ 'main database': main, keystore }))
    found.push(...(await (database.dialect === 'sqlite' ? sqlite(name, database) : mariadb(name, database))));
  return orOk(AREA, `Both databases keep what they confirm (${main.dialect})`, found);
}
