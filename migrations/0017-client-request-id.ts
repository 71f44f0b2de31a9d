import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOfRunner } from '../src/core/database/ddl.js';

const COLUMNS = [
  'n', 'id', 'at', 'actor_type', 'actor_id', 'actor_name', 'action', 'resource_type', 'resource_id', 'client_id', 'name',
  'outcome', 'ip', 'user_agent', 'request_id', 'details', 'changes', 'mac', 'mac_key_version',
]; // prettier-ignore
const ADDED = 'client_request_id';
const REFUSAL = 'the journal is append-only';

/** The request id that a client chose, apart from ours; the trigger protects it as it does the other columns. */
export class ClientRequestId1763800000170 implements MigrationInterface {
  name = 'ClientRequestId1763800000170';

  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn('journal', ADDED)))
      await runner.query(`ALTER TABLE journal ADD COLUMN ${ADDED} varchar(100)`);
    await protect(runner, [...COLUMNS, ADDED]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await protect(runner, COLUMNS);
    await runner.query(`ALTER TABLE journal DROP COLUMN ${ADDED}`);
  }
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
