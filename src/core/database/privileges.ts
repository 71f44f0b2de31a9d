import type { QueryRunner } from 'typeorm';

/** No table of this name is ever made: a statement on it is refused for the privilege before it is for the table. */
const PROBE = 'opskeep_privilege_probe';
/** Harmless statements, each of which needs the privilege that it stands for. */
const PROBES: Record<string, string> = {
  SELECT: `SELECT 1 FROM ${PROBE}`,
  INSERT: `INSERT INTO ${PROBE} VALUES (1)`,
  UPDATE: `UPDATE ${PROBE} SET a = 1`,
  DELETE: `DELETE FROM ${PROBE}`,
  CREATE: `CREATE TABLE ${PROBE} LIKE ${PROBE}_source`,
  ALTER: `ALTER TABLE ${PROBE} ADD COLUMN a int`,
  DROP: `DROP TABLE ${PROBE}`,
  INDEX: `CREATE INDEX a ON ${PROBE} (a)`,
  REFERENCES: `CREATE TABLE ${PROBE} (a int, FOREIGN KEY (a) REFERENCES ${PROBE}_source (a))`,
  TRIGGER: `CREATE TRIGGER ${PROBE} BEFORE DELETE ON ${PROBE} FOR EACH ROW SET @a = 1`,
};
/** Access denied: to the table, the database, a column, for want of a privilege. */
const DENIED = new Set([1142, 1044, 1143, 1227, 1370]);
/** A binary log, and no SUPER: triggers need the server's trust. */
const NOT_TRUSTED = 1419;

const errnoOf = (error: unknown) =>
  ((error as { driverError?: unknown }).driverError as { errno?: number } | undefined)?.errno ??
  (error as { errno?: number }).errno;

async function outcomeOf(runner: QueryRunner, statement: string): Promise<number | undefined> {
  try {
    await runner.query(statement);
    return undefined;
  } catch (error) {
    return errnoOf(error);
  }
}

/** CREATE TRIGGER asks for trust first, and says nothing of the privilege then. */
async function mayMakeTriggers(runner: QueryRunner): Promise<boolean> {
  const grants = (await runner.query('SHOW GRANTS')) as Record<string, string>[];
  return grants.some(row => /\b(?:ALL PRIVILEGES|TRIGGER)\b.* ON /.test(Object.values(row)[0] ?? ''));
}

const quoted = (account: string) =>
  account
    .split(/@(?=[^@]*$)/)
    .map(part => `'${part}'`)
    .join('@');

/** Reading and writing, and making tables; SELECT to CREATE TRIGGER in the order of a GRANT. */
export const TABLES = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'ALTER', 'INDEX', 'REFERENCES'];

/**
 * Makes sure, before anything is changed, that the account may do what is needed (MariaDB and MySQL): each
 * privilege is tried on a table that does not exist, so that roles and grants of every level count.
 *
 * @param needed names of PROBES
 * @param cannot what the database cannot be without them
 * @throws Error with the statements that an administrator of the server has to run
 */
export async function requirePrivileges(
  runner: QueryRunner,
  needed: string[],
  cannot = 'migrated: its account lacks what the migrations need',
): Promise<void> {
  const missing: string[] = [];
  let trusted = true;
  for (const privilege of needed) {
    const errno = await outcomeOf(runner, PROBES[privilege] ?? '');
    if (errno === NOT_TRUSTED) trusted = false;
    const lacks = errno === NOT_TRUSTED ? !(await mayMakeTriggers(runner)) : DENIED.has(errno ?? 0);
    if (lacks) missing.push(privilege);
  }
  if (missing.length === 0 && trusted) return;
  const [where] = (await runner.query('SELECT DATABASE() AS name, CURRENT_USER() AS account')) as {
    name: string;
    account: string;
  }[];
  const mend = [
    ...(missing.length > 0
      ? [`GRANT ${missing.join(', ')} ON \`${where?.name}\`.* TO ${quoted(where?.account ?? '')};`]
      : []),
    ...(trusted
      ? []
      : [
          'SET GLOBAL log_bin_trust_function_creators = 1;   -- and log_bin_trust_function_creators=1 in its configuration',
        ]),
  ];
  throw new Error(
    `The database ${where?.name} cannot be ${cannot}. ` +
      'Nothing in it was changed. Run as an administrator of the server:\n' +
      mend.map(line => `  ${line}`).join('\n'),
  );
}
