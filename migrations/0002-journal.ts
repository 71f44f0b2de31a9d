import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  big,
  choice,
  createTable,
  dialectOfRunner,
  dropTables,
  long,
  moment,
  text,
  uuid,
  whole,
} from '../src/core/database/ddl.js';

const COLUMNS = [
  'n', 'id', 'at', 'actor_type', 'actor_id', 'actor_name', 'action', 'resource_type', 'resource_id', 'client_id', 'name',
  'outcome', 'ip', 'user_agent', 'request_id', 'details', 'changes', 'mac', 'mac_key_version',
]; // prettier-ignore

const REFUSAL = 'the journal is append-only';

/** The append-only journal: triggers refuse DELETE, and every UPDATE but that of seq from null to a value. */
export class Journal1763800000020 implements MigrationInterface {
  name = 'Journal1763800000020';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'journal',
      [
        big('n').numbered(),
        uuid('id').unique(),
        big('seq').unique().optional(),
        moment('at'),
        choice('actor_type', ['user', 'token', 'system', 'anonymous']).plain(),
        text('actor_id', 100).optional(),
        text('actor_name').optional(),
        text('action', 60),
        text('resource_type', 60).optional(),
        text('resource_id', 100).optional(),
        uuid('client_id').optional(),
        text('name', 500).optional(),
        choice('outcome', ['ok', 'refused', 'failed']).plain(),
        text('ip', 45).optional(),
        text('user_agent', 300).optional(),
        text('request_id', 100).optional(),
        long('details').optional(),
        long('changes').optional(),
        text('mac', 64),
        whole('mac_key_version').plain(),
      ],
      { index: [['resource_type', 'resource_id'], ['actor_id', 'n'], ['client_id', 'n']] },
    ); // prettier-ignore
    await (dialectOfRunner(runner) === 'sqlite' ? this.sqliteTriggers(runner) : this.mariadbTriggers(runner));
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, 'journal');
  }

  private async sqliteTriggers(runner: QueryRunner): Promise<void> {
    const changed = COLUMNS.map(name => `NEW.${name} IS NOT OLD.${name}`).join(' OR ');
    await runner.query(
      `CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, '${REFUSAL}'); END`,
    );
    await runner.query(
      `CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal ` +
        `WHEN OLD.seq IS NOT NULL OR NEW.seq IS NULL OR ${changed} BEGIN SELECT RAISE(ABORT, '${REFUSAL}'); END`,
    );
  }

  private async mariadbTriggers(runner: QueryRunner): Promise<void> {
    const changed = COLUMNS.map(name => `NOT (NEW.${name} <=> OLD.${name})`).join(' OR ');
    const signal = `SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '${REFUSAL}'`;
    await runner.query(`CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal FOR EACH ROW ${signal}`);
    await runner.query(
      `CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal FOR EACH ROW ` +
        `BEGIN IF OLD.seq IS NOT NULL OR NEW.seq IS NULL OR ${changed} THEN ${signal}; END IF; END`,
    );
  }
}
