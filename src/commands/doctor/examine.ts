import { existsSync } from 'node:fs';
import { bothMigrations } from '../../../migrations/index.js';
import { openDatabases } from '../../application.js';
import { requireNoLostKey } from '../../core/crypto/keystore/lost-key.js';
import { MasterKeyError } from '../../core/crypto/master-key/boot-errors.js';
import { developmentKeyFile } from '../../core/crypto/master-key/development-key.js';
import { loadMasterKeys, MasterKeys } from '../../core/crypto/master-key/master-key-set.js';
import { safeError } from '../../core/context/logger.js';
import { OPSKEEP, type Progress } from '../output.js';
import { unfinishedRestore } from '../unfinished-restore.js';
import { checkClock } from './check-clock.js';
import { checkDatabase } from './check-database.js';
import { checkFiles } from './check-files.js';
import { checkJournal } from './check-journal.js';
import { checkTrail } from './check-trail.js';
import { checkKeys } from './check-keys.js';
import { checkMemory } from './check-memory.js';
import { checkRights } from './check-rights.js';
import { checkRows } from './check-rows.js';
import { checkSchema } from './check-schema.js';
import { checkSearch } from './check-search.js';
import { checkSealed } from './check-sealed.js';
import { fault, type Finding } from './finding.js';
import type { Configured, Patient } from './patient.js';

/** What was found; `away` is why the databases could not be asked at all. */
export interface Examination {
  findings: Finding[];
  away?: Error;
}

type Check = (patient: Patient) => Promise<Finding[]>;

const CHECKS: Record<string, Check> = {
  database: checkDatabase,
  schema: checkSchema,
  keys: checkKeys,
  secrets: checkSealed,
  rows: checkRows,
  rights: checkRights,
  memory: checkMemory,
  search: checkSearch,
  audit: checkJournal,
  trail: checkTrail,
  clock: checkClock,
};

async function masterKeysOf({ settings }: Configured): Promise<MasterKeys | Finding> {
  try {
    await requireNoLostKey(settings, bothMigrations.keystore);
    const given = settings.API_KEY_MASTER_KEY ?? settings.API_KEY_MASTER_KEY_COMMAND;
    if (!given && !existsSync(developmentKeyFile(settings.OPSKEEP_DATA)))
      return fault('keys', 'There is no master key', 'Set API_KEY_MASTER_KEY_FILE, or start the server once');
    return await loadMasterKeys(settings, () => undefined);
  } catch (error) {
    if (!(error instanceof MasterKeyError)) throw error;
    return fault('keys', error.message, 'Give the master key as the message says');
  }
}

function missingFiles({ settings }: Configured): Finding[] {
  return [settings.DATABASE_URL.reveal(), settings.KEYSTORE_DATABASE_URL.reveal()]
    .filter(url => url.startsWith('sqlite:') && !existsSync(url.slice('sqlite:'.length)))
    .map(url =>
      fault('database', `${url} is not there`, 'Start the server once (npm start), or correct its address'),
    );
}

/** Half of a database is ill in every respect, and cured by one thing. */
async function halfRestored({ settings }: Configured): Promise<Finding | undefined> {
  const mark = await unfinishedRestore(settings);
  return (
    mark &&
    fault(
      'database',
      `The restore of backup ${mark.backup_id}, begun at ${mark.begun_at}, has not ended`,
      `Wait for it, or, if it was cut off, ${OPSKEEP} admin backup restore FILE --again`,
    )
  );
}

async function attempt(area: string, check: Check, patient: Patient): Promise<Finding[]> {
  try {
    return await check(patient);
  } catch (error) {
    const { message } = safeError(error) as { message: string };
    return [fault(area, `This could not be examined: ${message}`, 'Mend what is named above, and ask again')];
  }
}

/**
 * Everything that is wrong with an installation, and how to mend it. Nothing is changed: what is missing is not
 * made, and what is tried is rolled back.
 */
export async function examine(configured: Configured, progress: Progress): Promise<Examination> {
  // Of a database that is away, or damaged, what follows tells.
  const half = await halfRestored(configured).catch(() => undefined);
  if (half) return { findings: [half] };
  const findings = [...checkFiles(configured), ...missingFiles(configured)];
  const masterKeys = await masterKeysOf(configured).catch((error: Error) => error);
  if (masterKeys instanceof Error) return { findings, away: masterKeys };
  if (!(masterKeys instanceof MasterKeys)) return { findings: [...findings, masterKeys] };
  if (findings.some(one => one.area === 'database')) return { findings };
  const opened = await openDatabases(configured.settings).catch((error: Error) => error);
  if (opened instanceof Error) return { findings, away: opened };
  const patient: Patient = { ...configured, ...opened, masterKeys, progress };
  try {
    for (const [area, check] of Object.entries(CHECKS))
      findings.push(...(await attempt(area, check, patient)));
    return { findings };
  } finally {
    await opened.main.close();
    await opened.keystore.close();
    progress.end();
  }
}
