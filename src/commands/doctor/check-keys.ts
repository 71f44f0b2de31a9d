import { checkSentinel, wrappingKekId } from '../../core/crypto/keystore/sentinel.js';
import type { Sql } from '../../core/database/sql.js';
import { placeholders } from '../../core/database/sql.js';
import { OPSKEEP } from '../output.js';
import { fault, type Finding, ok, some, warning } from './finding.js';
import { checkDataKeys } from './check-data-keys.js';
import type { Patient } from './patient.js';

const AREA = 'keys';
const PAGE = 500;
const NEVER_STARTED = 'Start the server once (npm start)';

async function installation({ main, keystore }: Patient): Promise<Finding[]> {
  const [row] = await main.connections.reader.select<{ value: string }>(
    "SELECT value FROM facts WHERE name = 'install_id'",
  );
  const kept = await keystore.fact('install_id');
  if (!row && kept === undefined) return [fault(AREA, 'This installation was never started', NEVER_STARTED)];
  if (row?.value === kept) return [];
  return [
    fault(
      AREA,
      `The main database is of installation ${row?.value ?? '(none)'}, the keystore of ${kept ?? '(none)'}`,
      'Set KEYSTORE_DATABASE_URL to the keystore of this installation, or restore both from one backup',
    ),
  ];
}

/** Whether the master key opens the keystore, and whether a rotation was left half done. */
async function masterKey({ keystore, masterKeys }: Patient): Promise<Finding[]> {
  if ((await keystore.fact('sentinel')) === undefined)
    return [fault(AREA, 'The keystore has no sentinel: it was never used', NEVER_STARTED)];
  try {
    await checkSentinel(keystore, masterKeys);
  } catch (error) {
    return [fault(AREA, (error as Error).message, 'Give the master key that this keystore was made with')];
  }
  const wraps = (await wrappingKekId(keystore)) ?? '';
  const rows = await keystore.select<{ kek_id: string; total: number }>(
    "SELECT kek_id, COUNT(*) AS total FROM data_keys WHERE state <> 'destroyed' GROUP BY kek_id ORDER BY kek_id",
  );
  return [
    ok(AREA, `The master key is ${wraps}, from ${masterKeys.source}; it fits`),
    ...(masterKeys.target.id === wraps
      ? []
      : [unfinished(`The settings name ${masterKeys.target.id} instead`)]),
    ...rows
      .filter(one => one.kek_id !== wraps)
      .map(one => unfinished(`${one.total} keys are wrapped by another master key, ${one.kek_id}`)),
  ];
}

const unfinished = (what: string) =>
  warning(
    AREA,
    what,
    `Run ${OPSKEEP} admin keys rotate-kek; until then keep both: without it these keys, and what they seal, stay closed`,
  );

async function missing(main: Sql, table: string, ids: string[]): Promise<string[]> {
  const rows = await main.select<{ id: string }>(
    `SELECT id FROM ${table} WHERE id IN (${placeholders(ids.length)})`,
    ids,
  );
  const there = new Set(rows.map(row => row.id));
  return ids.filter(id => !there.has(id));
}

/** Keys of users and clients that are gone. */
async function orphans({ main, keystore }: Patient, kind: 'user' | 'client'): Promise<Finding[]> {
  const gone: string[] = [];
  for (let last = ''; ;) {
    const rows = await keystore.select<{ owner_id: string }>(
      `SELECT DISTINCT owner_id FROM data_keys WHERE owner_kind = ? AND state <> 'destroyed' AND owner_id > ?
       ORDER BY owner_id LIMIT ${PAGE}`,
      [kind, last],
    );
    if (rows.length > 0)
      gone.push(
        ...(await missing(
          main.connections.reader,
          `${kind}s`,
          rows.map(row => row.owner_id),
        )),
      );
    if (rows.length < PAGE) break;
    last = rows.at(-1)?.owner_id ?? '';
  }
  if (gone.length === 0) return [];
  return [
    warning(
      AREA,
      `There are keys of ${some(gone.length, kind, gone)} that are gone`,
      'Nothing is sealed by them that can still be reached; a backup of the main database may need them',
    ),
  ];
}

/** Master key, keystore and main database belong together; no key is left without its owner. */
export async function checkKeys(patient: Patient): Promise<Finding[]> {
  const found = [...(await installation(patient)), ...(await masterKey(patient))];
  if (found.some(one => one.level === 'fault')) return found;
  return [
    ...found,
    ...(await checkDataKeys(patient)),
    ...(await orphans(patient, 'user')),
    ...(await orphans(patient, 'client')),
  ];
}
