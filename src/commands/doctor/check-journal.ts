import { shapeFaults } from '../../core/audit/journal-shape.js';
import { triggerFaults } from '../../core/audit/journal-triggers.js';
import { isRefusedByTrigger } from '../../core/database/database-errors.js';
import type { Transaction } from '../../core/database/sql.js';
import { OPSKEEP } from '../output.js';
import { fault, type Finding, orOk } from './finding.js';
import type { Patient } from './patient.js';

const AREA = 'audit';
const ATTEMPTS = {
  change: 'UPDATE journal SET action = action WHERE n = ?',
  delete: 'DELETE FROM journal WHERE n = ?',
};
/** The account has no right to it (MariaDB): as good as a trigger. */
const DENIED = 1142;

async function isRefused(transaction: Transaction, statement: string, n: number): Promise<boolean> {
  try {
    await transaction.change(statement, [n]);
    return false;
  } catch (error) {
    if (isRefusedByTrigger(error) || (error as { errno?: number }).errno === DENIED) return true;
    throw error;
  }
}

const FIRST = `Find out who changed it, and run ${OPSKEEP} admin audit verify`;

/** What the server has to allow before a trigger can be made (MariaDB). */
async function needs({ main }: Patient): Promise<string[]> {
  if (main.dialect === 'sqlite') return [];
  const { reader } = main.connections;
  const [server] = await reader.select<{ binary: number; trusting: number }>(
    'SELECT @@log_bin AS `binary`, @@log_bin_trust_function_creators AS trusting',
  );
  const grants = await reader.select<Record<string, string>>('SHOW GRANTS FOR CURRENT_USER');
  const may = grants.some(row => /\b(ALL PRIVILEGES|TRIGGER)\b.* ON /.test(Object.values(row)[0] ?? ''));
  return [
    ...(may ? [] : ['GRANT TRIGGER ON <database>.* to the account']),
    ...(Number(server?.binary) === 1 && Number(server?.trusting) !== 1
      ? ['SET GLOBAL log_bin_trust_function_creators = 1 (the binary log is on)']
      : []),
  ];
}

/** Triggers that are not as a migration has made them. */
async function triggers(patient: Patient): Promise<Finding[]> {
  const found = await triggerFaults(patient.main.connections.reader);
  const before = found.length > 0 ? [FIRST, ...(await needs(patient))] : [];
  return found.map(({ trigger, message, mend }) =>
    fault(AREA, `The trigger ${trigger} of the audit trail ${message}`, [...before, ...mend].join('; ')),
  );
}

/** What the table itself has to refuse. */
async function shape({ main }: Patient): Promise<Finding[]> {
  const found = await shapeFaults(main.connections.reader);
  const undo = 'undo what was changed by hand, or restore the database from a backup';
  return found.map(({ message, mend }) =>
    fault(AREA, message, [FIRST, ...(mend.length > 0 ? mend : [undo])].join('; ')),
  );
}

/**
 * Compares the columns, indexes and triggers of the journal, and tries what it must refuse, on its newest entry, in a transaction that is
 * always rolled back.
 */
export async function checkJournal(patient: Patient): Promise<Finding[]> {
  const found = [...(await shape(patient)), ...(await triggers(patient))];
  const { connections } = patient.main;
  const [newest] = await connections.reader.select<{ n: number }>('SELECT MAX(n) AS n FROM journal');
  if (found.length > 0 || newest?.n === null || newest?.n === undefined) return found;
  for (const [verb, statement] of Object.entries(ATTEMPTS)) {
    const transaction = await connections.begin();
    try {
      if (!(await isRefused(transaction, statement, newest.n)))
        found.push(
          fault(
            AREA,
            `Nothing keeps an entry of the audit trail from a ${verb}`,
            `${FIRST}; its triggers are there and do not work: restore the database from a backup`,
          ),
        );
    } finally {
      await transaction.rollback();
    }
  }
  return orOk(AREA, 'The audit trail refuses to be changed or deleted', found);
}
