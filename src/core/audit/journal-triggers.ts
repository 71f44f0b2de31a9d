import type { Dialect, Sql } from '../database/sql.js';
import { LATER_MAC_COLUMNS, MAC_COLUMNS } from './journal-entry.entity.js';

/** What is wrong with one of the triggers that keep entries from being changed or deleted. */
export interface TriggerFault {
  trigger: string;
  message: string;
  /** The statements that put it right, for whoever owns the table. */
  mend: string[];
}

const REFUSAL = 'the journal is append-only';
/** All but seq, which is set once. */
const KEPT = ['n', 'mac', ...MAC_COLUMNS, ...LATER_MAC_COLUMNS];

/** The triggers as the newest migration has made them. */
function expected(dialect: Dialect): Record<string, string> {
  const start = (name: string, event: string) => `CREATE TRIGGER ${name} BEFORE ${event} ON journal`;
  const remove = start('journal_no_delete', 'DELETE');
  const update = start('journal_no_update', 'UPDATE');
  const isSet = 'OLD.seq IS NOT NULL OR NEW.seq IS NULL';
  if (dialect === 'sqlite') {
    const raise = `BEGIN SELECT RAISE(ABORT, '${REFUSAL}'); END`;
    const changed = KEPT.map(name => `NEW.${name} IS NOT OLD.${name}`).join(' OR ');
    return {
      journal_no_delete: `${remove} ${raise}`,
      journal_no_update: `${update} WHEN ${isSet} OR ${changed} ${raise}`,
    };
  }
  const signal = `SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '${REFUSAL}'`;
  const changed = KEPT.map(name => `NOT (NEW.${name} <=> OLD.${name})`).join(' OR ');
  return {
    journal_no_delete: `${remove} FOR EACH ROW ${signal}`,
    journal_no_update: `${update} FOR EACH ROW BEGIN IF ${isSet} OR ${changed} THEN ${signal}; END IF; END`,
  };
}

async function found(sql: Sql): Promise<Record<string, string>> {
  const rows = await sql.select<{ name: string; text: string }>(
    sql.dialect === 'sqlite'
      ? "SELECT name, sql AS text FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) = 'journal'"
      : "SELECT trigger_name AS name, CONCAT('CREATE TRIGGER ', trigger_name, ' ', action_timing, ' ', " +
          "event_manipulation, ' ON journal FOR EACH ROW ', action_statement) AS text " +
          "FROM information_schema.triggers WHERE event_object_schema = DATABASE() AND event_object_table = 'journal'",
  );
  return Object.fromEntries(rows.map(({ name, text }) => [name, text]));
}

/** Without what does not matter: spaces, and the order in which the columns are named. */
function normal(text: string): string {
  const one = text.replace(/\s+/g, ' ').trim();
  return one.replace(/NEW\.seq IS NULL OR (.+?)( BEGIN | THEN )/, (_, columns: string, next: string) =>
    ['NEW.seq IS NULL OR ', columns.split(' OR ').sort().join(' OR '), next].join(''),
  );
}

/**
 * Compares the journal's triggers with what they have to be. A missing or altered one lets entries be changed; one
 * that nobody knows may drop entries before they are written.
 *
 * @throws the driver's error when the database is away
 */
export async function triggerFaults(sql: Sql): Promise<TriggerFault[]> {
  const [wanted, there] = [expected(sql.dialect), await found(sql)];
  const missing = Object.keys(wanted).filter(name => there[name] === undefined);
  const altered = Object.keys(wanted).filter(
    name => there[name] && normal(there[name]) !== normal(wanted[name] ?? ''),
  );
  const strange = Object.keys(there).filter(name => !(name in wanted));
  const drop = (name: string) => `DROP TRIGGER ${name}`;
  const create = (name: string) => wanted[name] ?? '';
  return [
    ...missing.map(trigger => ({ trigger, message: 'is missing', mend: [create(trigger)] })),
    ...altered.map(trigger => ({
      trigger,
      message: 'is not as a migration has made it',
      mend: [drop(trigger), create(trigger)],
    })),
    ...strange.map(trigger => ({ trigger, message: 'was made by somebody else', mend: [drop(trigger)] })),
  ];
}
