import type { Database } from '../../core/database/database.js';
import { migrationStatus, schemaDrift } from '../../core/database/migrate.js';
import { OPSKEEP } from '../output.js';
import { fault, type Finding, orOk } from './finding.js';
import type { Patient } from './patient.js';

const AREA = 'schema';
const SHOWN = 3;

async function ranButUnknown(database: Database, known: string[]): Promise<string[]> {
  const rows = await database.connections.reader.select<{ name: string }>('SELECT name FROM migrations');
  return rows.map(row => row.name).filter(name => !known.includes(name));
}

async function check(name: string, database: Database): Promise<Finding[]> {
  const status = await migrationStatus(database);
  const pending = status.filter(one => !one.done).map(one => one.name);
  if (pending.length > 0)
    return [
      fault(AREA, `${name}: migrations are pending: ${pending.join(', ')}`, `${OPSKEEP} admin migrate run`),
    ];
  const newer = await ranButUnknown(
    database,
    status.map(one => one.name),
  );
  if (newer.length > 0)
    return [
      fault(
        AREA,
        `${name}: a newer version has migrated this database: ${newer.join(', ')}`,
        'Run the newer version, or restore the backup from before',
      ),
    ];
  const drift = await schemaDrift(database);
  if (drift.length === 0) return [];
  const first = drift.slice(0, SHOWN).join('; ');
  return [
    fault(
      AREA,
      `${name}: the schema is not as declared; ${drift.length} statements would make it so: ${first}${drift.length > SHOWN ? '; …' : ''}`,
      'Undo what was changed by hand, or run these statements on a copy first',
    ),
  ];
}

/** Migrations that are pending or unknown, and what was changed by hand. */
export async function checkSchema({ main, keystore }: Patient): Promise<Finding[]> {
  const found = [...(await check('keystore', keystore)), ...(await check('main database', main))];
  return orOk(AREA, 'Both databases are migrated, and as declared', found);
}
