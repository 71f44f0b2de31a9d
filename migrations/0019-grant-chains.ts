import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  addColumns, choice, type Column, createTable, dialectOfRunner, dropColumns, dropTables, moment, reference, resourceColumns,
} from '../src/core/database/ddl.js'; // prettier-ignore

const TABLE = 'credential_permissions';
const KEY = `fk_${TABLE}_granted_by`;

const before = () => [
  ...resourceColumns(),
  reference('credential_id', 'credentials', 'CASCADE').optional(),
  reference('client_id', 'clients', 'CASCADE').optional(),
  reference('user_id', 'users', 'CASCADE'),
  choice('level', ['view', 'reveal', 'manage']),
  moment('expires_at').optional(),
];
const granter = () => reference('granted_by', 'users', 'SET NULL').optional();

/** Who gave a grant, so that it ends with the right by which it was given. Of those given before, nobody. */
export class GrantChains1763800000190 implements MigrationInterface {
  name = 'GrantChains1763800000190';

  async up(runner: QueryRunner): Promise<void> {
    if (dialectOfRunner(runner) === 'sqlite') return rebuild(runner, [...before(), granter()]);
    await addColumns(runner, TABLE, [granter()]);
    await runner.query(
      `ALTER TABLE ${TABLE} ADD CONSTRAINT ${KEY} FOREIGN KEY (granted_by) REFERENCES users (id) ON DELETE SET NULL ON UPDATE NO ACTION`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    if (dialectOfRunner(runner) === 'sqlite') return rebuild(runner, before());
    await runner.query(`ALTER TABLE ${TABLE} DROP FOREIGN KEY ${KEY}`);
    await dropColumns(runner, TABLE, [granter()]);
  }
}

/** SQLite adds no named key to a table that is there. Nothing refers to this one. */
async function rebuild(runner: QueryRunner, columns: Column[]): Promise<void> {
  const indexes = (await runner.query(
    `SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = '${TABLE}' AND sql IS NOT NULL`,
  )) as { name: string }[];
  for (const { name } of indexes) await runner.query(`DROP INDEX ${name}`);
  await runner.query(`ALTER TABLE ${TABLE} RENAME TO ${TABLE}_before`);
  const unique = [
    ['credential_id', 'user_id'],
    ['client_id', 'user_id'],
  ];
  await createTable(runner, TABLE, columns, { unique });
  const names = before()
    .map(one => one.name)
    .join(', ');
  await runner.query(`INSERT INTO ${TABLE} (${names}) SELECT ${names} FROM ${TABLE}_before`);
  await dropTables(runner, `${TABLE}_before`);
}
