import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { openContext } from '../../src/application.js';
import { restoreInto } from '../../src/commands/backup/restore-into.js';
import { examine } from '../../src/commands/doctor/examine.js';
import type { Finding } from '../../src/commands/doctor/finding.js';
import { Progress } from '../../src/commands/output.js';
import { type JournalReport, JournalVerifier } from '../../src/core/audit/journal-verifier.js';
import { loadSettings } from '../../src/core/config/load-settings.js';
import { systemActor } from '../../src/core/context/actor.js';
import { Logger } from '../../src/core/context/logger.js';
import { runAs } from '../../src/core/context/request-context.js';
import { MasterKeys } from '../../src/core/crypto/master-key/master-key-set.js';
import { sealedFile } from '../../src/core/crypto/sealed-files.js';
import { BackupFile } from '../../src/operations/backups/backup-file.js';
import type { BackupPart } from '../../src/operations/backups/backup-format.js';
import { lineOf } from '../../src/operations/backups/backup-lines.js';
import { Backups } from '../../src/operations/backups/backups.service.js';
import type { VerifiedBackup } from '../../src/operations/backups/verify-backup.js';
import type { TestApp } from '../app.js';
import { environmentBeside } from './command.js';
import { type FreshDatabase, freshDatabase, testDatabase } from './database.js';
import { query } from './query.js';

const untold = () => undefined;
export const NO_TELLING = { rows: untold, verified: untold };

/** Databases of a kind, whichever the run is on; MariaDB only where it is. */
export async function databasesOf(kind: 'sqlite' | 'mariadb'): Promise<FreshDatabase> {
  if (kind === testDatabase()) return freshDatabase();
  if (kind === 'mariadb') throw new Error('This run has no MariaDB');
  const data = await mkdtemp(join(tmpdir(), 'opskeep-test-'));
  return {
    data,
    url: `sqlite:${join(data, 'opskeep.sqlite')}`,
    keystoreUrl: `sqlite:${join(data, 'keystore.sqlite')}`,
    drop: () => rm(data, { recursive: true, force: true }),
  };
}

/** The environment of another machine, with the same master key, and these databases. */
export function elsewhere(t: TestApp, { data, url, keystoreUrl }: FreshDatabase): Record<string, string> {
  return {
    ...environmentBeside(t),
    HOME: data,
    OPSKEEP_DATA: data,
    DATABASE_URL: url,
    KEYSTORE_DATABASE_URL: keystoreUrl,
  };
}

export const settingsOf = (environment: Record<string, string>) => {
  const configured = loadSettings(
    { JWT_SECRET_KEY: 'x'.repeat(32), ...environment },
    environment.OPSKEEP_DATA,
  );
  return { ...configured, logger: Logger.create({ LOG_LEVEL: 'silent', LOG_FORMAT: 'json' }) };
};

export const makeBackup = (t: TestApp, path: string) =>
  runAs(systemActor('command line'), () => t.app.get(Backups).make(path, NO_TELLING));

/** What the command does, without its process. */
export async function restore(
  path: string,
  environment: Record<string, string>,
  again = false,
): Promise<VerifiedBackup> {
  const { settings, logger } = settingsOf(environment);
  const file = await BackupFile.open(path);
  try {
    return await restoreInto(file, settings, {
      again,
      begun: untold,
      verifying: untold,
      loading: untold,
      log: logger,
      as: work => runAs(systemActor('command line'), work),
    });
  } finally {
    await file.close();
  }
}

/** Runs `work` with the services of an installation. */
export async function inside<T>(
  environment: Record<string, string>,
  work: (app: Awaited<ReturnType<typeof openContext>>['app']) => Promise<T>,
): Promise<T> {
  const { settings, logger } = settingsOf(environment);
  const { app, opened } = await openContext(settings, logger);
  try {
    return await runAs(systemActor('command line'), () => work(app));
  } finally {
    await app.close();
    await opened.close();
  }
}

export const verified = (environment: Record<string, string>): Promise<JournalReport> =>
  inside(environment, app => app.get(JournalVerifier).verify());

/** What the doctor finds wrong. */
export async function faults(environment: Record<string, string>): Promise<Finding[]> {
  const { findings, away } = await examine(settingsOf(environment), new Progress('Secrets'));
  if (away) throw away;
  return findings.filter(one => one.level !== 'ok');
}

/** All rows of tables of a database, as they are stored, in the order of their text. */
export async function storedRows(url: string, tables: string[]): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const table of tables) {
    const key = table === 'recall_index' && url.startsWith('sqlite:') ? 'rowid AS n, *' : '*';
    const rows = await query(url, `SELECT ${key} FROM ${table}`);
    all[table] = rows
      .map(row => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))))
      .sort();
  }
  return all;
}

/**
 * A backup made of another, sealed by the same key: as another version might have made it, or nobody.
 *
 * @param change gives what stands in the place of a part; undefined for nothing
 */
export async function rewritten(
  t: TestApp,
  from: string,
  to: string,
  change: (part: BackupPart) => BackupPart | undefined,
): Promise<void> {
  const keys = t.app.get(MasterKeys);
  const lines: string[] = [];
  const counts = { tables: 0, rows: 0 };
  let rows = 0;
  let isOpen = false;
  const endTable = () => {
    if (isOpen) lines.push(lineOf.tableEnd(rows));
    isOpen = false;
  };
  const file = await BackupFile.open(from);
  try {
    await file.read(
      keys,
      given => {
        const part = change(given);
        if (part?.part === 'migrations') lines.push(lineOf.migrations(part.migrations));
        if (part?.part === 'table') {
          endTable();
          lines.push(lineOf.table(part.table));
          counts.tables++;
          rows = 0;
          isOpen = true;
        }
        if (part?.part !== 'row') return;
        lines.push(lineOf.row(part.row));
        rows++;
        counts.rows++;
      },
      untold,
    );
  } finally {
    await file.close();
  }
  endTable();
  lines.push(lineOf.end(counts));
  const { header, seal } = sealedFile(keys.current, 'backup', file.facts);
  const parts = [header.bytes];
  const text = gzipSync(`${lines.join('\n')}\n`);
  for await (const piece of seal(Readable.from([text]))) parts.push(piece);
  await writeFile(to, Buffer.concat(parts), { mode: 0o600 });
}
