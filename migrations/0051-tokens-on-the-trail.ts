import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  addColumns,
  createIndex,
  dialectOfRunner,
  dropColumns,
  indexName,
  uuid,
} from '../src/core/database/ddl.js';

const COLUMNS = [
  'n', 'id', 'at', 'actor_type', 'actor_id', 'actor_name', 'action', 'resource_type', 'resource_id', 'client_id', 'name',
  'outcome', 'ip', 'user_agent', 'request_id', 'client_request_id', 'details', 'changes', 'mac', 'mac_key_version',
]; // prettier-ignore
const REFUSAL = 'the journal is append-only';
/** What the general trail filters by, newest first. */
const FILTERED = [
  'actor_id',
  'token_id',
  'client_id',
  'resource_type',
  'resource_id',
  'action',
  'outcome',
  'ip',
];
const INDEXES = [...FILTERED.map(name => [name, 'at']), ['request_id']];
const BEFORE = [['resource_type', 'resource_id'], ['actor_id', 'n'], ['client_id', 'n']]; // prettier-ignore

const added = () => [uuid('token_id').optional()];

/** Which access token acted; the trigger protects it as it does the other columns. Indexes for the general trail. */
export class TokensOnTheTrail1763800000510 implements MigrationInterface {
  name = 'TokensOnTheTrail1763800000510';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'journal', added());
    await protect(runner, [...COLUMNS, 'token_id']);
    for (const names of INDEXES) await createIndex(runner, 'journal', names);
    for (const names of BEFORE) await dropIndex(runner, names);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const names of BEFORE) await createIndex(runner, 'journal', names);
    for (const names of INDEXES) await dropIndex(runner, names);
    await protect(runner, COLUMNS);
    await dropColumns(runner, 'journal', added());
  }
}

async function dropIndex(runner: QueryRunner, names: string[]): Promise<void> {
  const where = dialectOfRunner(runner) === 'sqlite' ? '' : ' ON journal';
  await runner.query(`DROP INDEX ${indexName('journal', names)}${where}`);
}

/** Makes the trigger anew that refuses every UPDATE but that of seq from null to a value. */
async function protect(runner: QueryRunner, columns: string[]): Promise<void> {
  await runner.query('DROP TRIGGER IF EXISTS journal_no_update');
  if (dialectOfRunner(runner) === 'sqlite') {
    const changed = columns.map(name => `NEW.${name} IS NOT OLD.${name}`).join(' OR ');
    await runner.query(
      `CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal ` +
        `WHEN OLD.seq IS NOT NULL OR NEW.seq IS NULL OR ${changed} BEGIN SELECT RAISE(ABORT, '${REFUSAL}'); END`,
    );
    return;
  }
  const changed = columns.map(name => `NOT (NEW.${name} <=> OLD.${name})`).join(' OR ');
  await runner.query(
    `CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal FOR EACH ROW ` +
      `BEGIN IF OLD.seq IS NOT NULL OR NEW.seq IS NULL OR ${changed} THEN ` +
      `SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '${REFUSAL}'; END IF; END`,
  );
}
