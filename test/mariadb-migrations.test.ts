import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { createTable, text, uuid } from '../src/core/database/ddl.js';
import { resumable, STEPS_TABLE } from '../src/core/database/migration-steps.js';
import { asRoot, DocumentedAccounts } from './harness/accounts.js';
import { runCommand } from './harness/command.js';
import { type FreshDatabase, freshDatabase, testDatabase } from './harness/database.js';
import { startMariaDb } from './harness/mariadb.mjs';
import { query } from './harness/query.js';
import { environmentOf, runServer, type Server, spawnServer, startServer } from './harness/server.js';

jest.setTimeout(240_000);

const onMariadb = testDatabase() === 'mariadb' ? describe : describe.skip;

/** Names of tables, columns, indexes, constraints and triggers, as MariaDB tells them. */
async function schemaOf(url: string): Promise<string[]> {
  const tables = await query<{ name: string }>(
    url,
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1',
  );
  const texts: string[] = [];
  for (const { name } of tables.filter(one => one.name !== STEPS_TABLE)) {
    const [row] = await query<Record<string, string>>(url, `SHOW CREATE TABLE ${name}`);
    texts.push((row?.['Create Table'] ?? '').replace(/AUTO_INCREMENT=\d+ /, ''));
  }
  const triggers = await query<{ Trigger: string; Statement: string }>(url, 'SHOW TRIGGERS');
  return [...texts, ...triggers.map(one => `${one.Trigger}: ${one.Statement}`)];
}

class Sample1 implements MigrationInterface {
  name = 'Sample1';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'samples', [uuid('id').primary(), text('name').indexed()]);
    for (const id of ['a', 'b'])
      await runner.query('INSERT INTO samples (id, name) VALUES (?, ?)', [id, 'CANARY']);
    await runner.query('ALTER TABLE samples ADD COLUMN times int NOT NULL DEFAULT 1');
    await runner.query('UPDATE samples SET times = times * 2');
    await runner.query('UPDATE samples SET times = times * 2');
    await runner.query('ALTER TABLE samples RENAME COLUMN times TO doubled');
    await runner.query(
      "CREATE TRIGGER samples_stay BEFORE DELETE ON samples FOR EACH ROW SIGNAL SQLSTATE '45000'",
    );
    await runner.query('CREATE UNIQUE INDEX uq_samples_name_id ON samples (name, id)');
    await runner.query('DROP INDEX ix_samples_name ON samples');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE samples');
  }
}

/** The runner that breaks off at its `cut`th statement, just before it or just after it. */
function breaking(runner: QueryRunner, cut: number, after: boolean): QueryRunner {
  let count = 0;
  return new Proxy(runner, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (name !== 'query') return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      return async (statement: string, values?: unknown[]): Promise<unknown> => {
        if (count > cut) throw new Error('CUT');
        if (count++ !== cut) return target.query(statement, values) as Promise<unknown>;
        if (after) await target.query(statement, values);
        throw new Error('CUT');
      };
    },
  });
}

onMariadb('a migration that was cut off', () => {
  let fresh: FreshDatabase;
  beforeEach(async () => {
    fresh = await freshDatabase();
  });
  afterEach(() => fresh.drop());

  test('between any two statements is finished by the next attempt, and each row is changed once', async () => {
    const source = await new DataSource({ type: 'mariadb', url: fresh.url }).initialize();
    const Resumable = resumable(Sample1);
    let expected: string[] | undefined;
    try {
      for (let cut = 0, broke = true; broke; cut++)
        for (const after of [false, true]) {
          // A connection of its own: what it began is undone when it is gone, as by a kill.
          const runner = source.createQueryRunner();
          const error = await new Resumable().up(breaking(runner, cut, after)).catch((one: Error) => one);
          broke = error instanceof Error;
          if (broke) expect((error as Error).message).toBe('CUT');
          const connection = (await runner.connect()) as { destroy(): void };
          connection.destroy();
          await sleep(5);
          const again = source.createQueryRunner();
          await new Resumable().up(again);
          const schema = await schemaOf(fresh.url);
          expected ??= schema;
          expect({ cut, after, schema }).toEqual({ cut, after, schema: expected });
          expect(await query(fresh.url, 'SELECT id, doubled FROM samples ORDER BY id')).toEqual([
            { id: 'a', doubled: 4 },
            { id: 'b', doubled: 4 },
          ]);
          await again.query('DROP TABLE samples');
          await again.query(`DELETE FROM ${STEPS_TABLE}`);
          await again.release();
        }
    } finally {
      await source.destroy();
    }
    expect(expected?.join('\n')).toContain('samples_stay');
  });

  test('is not taken for done by another error than that it has been done', async () => {
    const source = await new DataSource({ type: 'mariadb', url: fresh.url }).initialize();
    const runner = source.createQueryRunner();
    try {
      await query(fresh.url, 'CREATE TABLE samples (id int)');
      for (let attempt = 0; attempt < 3; attempt++)
        await expect(new (resumable(Sample1))().up(runner)).rejects.toThrow(/already exists/);
    } finally {
      await runner.release();
      await source.destroy();
    }
  });

  test('by killing the process is finished by the next start, wherever it was', async () => {
    const whole = await freshDatabase();
    expect(await runCommand(environmentOf(whole), ['admin', 'migrate', 'run'])).toMatchObject({ code: 0 });
    const expected = await schemaOf(whole.url);
    await whole.drop();
    let kills = 0;
    for (const steps of [1, 12, 40, 90]) {
      const server = await spawnServer(environmentOf(fresh));
      if (await killedAt(server, steps)) kills += 1;
    }
    expect(kills).toBeGreaterThan(1);
    const server = await startServer(environmentOf(fresh));
    await server.kill();
    expect((await schemaOf(fresh.url)).map(withoutNames)).toEqual(expected.map(withoutNames));
    expect(await query(fresh.url, `SELECT * FROM ${STEPS_TABLE}`)).toEqual([]);
  });

  /** Kills the server as soon as so many statements are noted in all, those of ended migrations included. */
  async function killedAt(server: Server, steps: number): Promise<boolean> {
    let ended = false;
    void server.exited.then(() => (ended = true));
    const connection = await mysql.createConnection(fresh.url);
    try {
      while (!ended && !server.output().includes('Opskeep listens on')) {
        const count = await connection
          .query(`SELECT COUNT(*) AS total FROM ${STEPS_TABLE}`)
          .then(([rows]) => Number((rows as { total: number }[])[0]?.total))
          .catch(() => 0);
        if (count < steps) continue;
        await server.kill();
        return true;
      }
      await server.kill();
      return false;
    } finally {
      await connection.end();
    }
  }
});

/** MariaDB numbers the checks and keys that have no name. */
const withoutNames = (table: string) => table.replace(/CONSTRAINT `CONSTRAINT_\d+`/g, 'CONSTRAINT');

onMariadb('the accounts of MariaDB', () => {
  const accounts = new DocumentedAccounts();
  const { name: main, account } = accounts;
  const statements = () => accounts.statements();
  let fresh: FreshDatabase;
  let environment: Record<string, string>;

  beforeEach(async () => {
    fresh = await freshDatabase();
    environment = { ...environmentOf(fresh), ...accounts.settings() };
    await accounts.drop();
  });
  afterEach(async () => {
    await accounts.drop();
    await fresh.drop();
  });

  test('made as docs/server.md says suffice, with a password of any characters', async () => {
    expect(statements().length).toBeGreaterThanOrEqual(6);
    await accounts.make();
    const server = await startServer(environment);
    await server.kill();
    // With nothing to migrate it is not asked for.
    await asRoot(`REVOKE DROP ON ${main}.* FROM ${account}`);
    const again = await startServer(environment);
    await again.kill();
    const doctor = await runCommand(environment, ['admin', 'doctor', '--json']);
    expect(doctor.stdout + doctor.stderr).not.toContain('CANARY p');
    expect(
      doctor.json<{ findings: { level: string }[] }>().findings.filter(one => one.level === 'fault'),
    ).toEqual([]);
    expect(doctor).toMatchObject({ code: 0 });
  });

  test('that lack privileges change nothing, and the GRANT that is named is enough', async () => {
    for (const one of statements()) if (!/^GRANT/.test(one)) await asRoot(one);
    await asRoot(`GRANT SELECT, CREATE ON ${main}.* TO ${account}`);
    for (const one of statements()) if (/^GRANT.*_keys\./.test(one)) await asRoot(one);
    const refused = await runServer(environment);
    expect(refused.code).toBe(1);
    const grant = /^ {2}(GRANT .*);$/m.exec(refused.output)?.[1] ?? '';
    // MariaDB does not ask for REFERENCES, MySQL does.
    expect(grant).toBe(
      `GRANT INSERT, UPDATE, DELETE, ALTER, INDEX, DROP, TRIGGER ON \`${main}\`.* TO ${account}`,
    );
    const tables = await asRoot(`SHOW TABLES IN ${main}`);
    expect(tables).toEqual([]);
    await asRoot(grant);
    const server = await startServer(environment);
    await server.kill();
  });

  test('on a server with a binary log: the setting is named, and with it the start goes on', async () => {
    const server = await startMariaDb({ args: ['--log-bin=binary', '--server-id=1'] });
    const before = process.env.OPSKEEP_TEST_MARIADB_URL;
    process.env.OPSKEEP_TEST_MARIADB_URL = server.url('mysql');
    const elsewhere = await freshDatabase();
    try {
      const refused = await runServer(environmentOf(elsewhere));
      expect(refused.code).toBe(1);
      const setting = /^ {2}(SET GLOBAL \w+ = 1);/m.exec(refused.output)?.[1] ?? '';
      expect(setting).toBe('SET GLOBAL log_bin_trust_function_creators = 1');
      expect(refused.output).not.toContain('GRANT');
      expect(await query(elsewhere.url, 'SHOW TABLES')).toEqual([]);
      await asRoot(setting);
      const started = await startServer(environmentOf(elsewhere));
      await started.kill();
    } finally {
      await elsewhere.drop();
      process.env.OPSKEEP_TEST_MARIADB_URL = before;
      await server.stop();
    }
  });
});
