import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryRunner } from 'typeorm';
import type { Database } from './database.js';
import { isBusy } from './database-errors.js';
import { forgetSteps } from './migration-steps.js';
import { requireRestored } from './restore-mark.js';
import { requirePrivileges, TABLES } from './privileges.js';

const WAIT_SECONDS = 120;

/** Runs `work` while no other process migrates this database. */
async function alone<T>(runner: QueryRunner, database: Database, work: () => Promise<T>): Promise<T> {
  if (database.dialect === 'sqlite') return aloneOnSqlite(runner, work);
  const rows = (await runner.query(
    `SELECT GET_LOCK(CONCAT('opskeep.', DATABASE()), ${WAIT_SECONDS}) AS held`,
  )) as {
    held: number;
  }[];
  if (Number(rows[0]?.held) !== 1)
    throw new Error('Another process has been migrating this database for two minutes');
  try {
    return await work();
  } finally {
    await runner.query(`SELECT RELEASE_LOCK(CONCAT('opskeep.', DATABASE()))`);
  }
}

/** SQLite's DDL is transactional: all pending migrations or none. */
async function aloneOnSqlite<T>(runner: QueryRunner, work: () => Promise<T>): Promise<T> {
  for (let waited = 0; ; waited += 50) {
    try {
      await runner.query('BEGIN EXCLUSIVE');
      break;
    } catch (error) {
      const cause = (error as { driverError?: unknown }).driverError ?? error;
      if (!isBusy(cause) || waited > WAIT_SECONDS * 1000) throw error;
      await sleep(50);
    }
  }
  try {
    const result = await work();
    await runner.query('COMMIT');
    return result;
  } catch (error) {
    await runner.query('ROLLBACK');
    throw error;
  }
}

async function withRunner<T>(database: Database, work: (runner: QueryRunner) => Promise<T>): Promise<T> {
  const runner = database.dataSource.createQueryRunner();
  try {
    return await alone(runner, database, () => work(runner));
  } finally {
    await runner.release();
  }
}

/**
 * Runs what is pending, once even when several processes start together; returns the names that ran.
 *
 * @throws Error where a restore into it has not ended, unless that is who asks
 */
export async function runMigrations(database: Database, { restoring = false } = {}): Promise<string[]> {
  if (!restoring) await requireRestored(database);
  return withRunner(database, async runner => {
    const onMariadb = database.dialect === 'mariadb';
    if (onMariadb && (await migrationStatus(database)).some(one => !one.done))
      await requirePrivileges(runner, database.hasTriggers ? [...TABLES, 'DROP', 'TRIGGER'] : TABLES);
    const ran = await database.dataSource.runMigrations({ transaction: 'none' });
    if (onMariadb) await forgetSteps(runner);
    return ran.map(one => one.name);
  });
}

/** Takes back the newest migration; returns when done. */
export function revertMigration(database: Database): Promise<void> {
  return withRunner(database, () => database.dataSource.undoLastMigration({ transaction: 'none' }));
}

/** The names of those that have run, also of such as this program does not know. */
export async function migrationsRun(database: Database): Promise<string[]> {
  if (!(await tableExists(database, 'migrations'))) return [];
  const rows = (await database.dataSource.query('SELECT name FROM migrations')) as { name: string }[];
  return rows.map(row => row.name);
}

/** Every migration in order, and whether it has run. */
export async function migrationStatus(database: Database): Promise<{ name: string; done: boolean }[]> {
  const ran = await migrationsRun(database);
  return database.dataSource.migrations.map(({ name = '' }) => ({ name, done: ran.includes(name) }));
}

async function tableExists(database: Database, name: string): Promise<boolean> {
  const runner = database.dataSource.createQueryRunner();
  try {
    return await runner.hasTable(name);
  } finally {
    await runner.release();
  }
}

/** The statements that would bring the database to what the entities declare; empty when both agree. */
export async function schemaDrift(database: Database): Promise<string[]> {
  const log = await database.dataSource.driver.createSchemaBuilder().log();
  return log.upQueries.map(one => one.query);
}
