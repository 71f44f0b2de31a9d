import { isRefusedByTrigger } from '../../core/database/database-errors.js';
import type { Transaction } from '../../core/database/sql.js';
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

async function mend({ main }: Patient): Promise<string> {
  const again =
    'run opskeep admin audit verify, find out who took it away, and create it as migrations/0002-journal.ts does';
  if (main.dialect === 'sqlite') return again;
  const [server] = await main.connections.reader.select<{ binary: number; trusting: number }>(
    'SELECT @@log_bin AS `binary`, @@log_bin_trust_function_creators AS trusting',
  );
  const grants = await main.connections.reader.select<Record<string, string>>('SHOW GRANTS FOR CURRENT_USER');
  const may = grants.some(row => /\b(ALL PRIVILEGES|TRIGGER)\b.* ON /.test(Object.values(row)[0] ?? ''));
  const needs = [
    may ? '' : 'GRANT TRIGGER ON <database>.* to the account; ',
    Number(server?.binary) === 1 && Number(server?.trusting) !== 1 ? 'SET GLOBAL log_bin_trust_function_creators = 1 (the binary log is on); ' : '', // prettier-ignore
  ];
  return needs.join('') + again;
}

/** Tries what the journal must refuse, on its newest entry, in a transaction that is always rolled back. */
export async function checkJournal(patient: Patient): Promise<Finding[]> {
  const { connections } = patient.main;
  const [newest] = await connections.reader.select<{ n: number }>('SELECT MAX(n) AS n FROM journal');
  if (newest?.n === null || newest?.n === undefined) return [];
  const found: Finding[] = [];
  for (const [verb, statement] of Object.entries(ATTEMPTS)) {
    const transaction = await connections.begin();
    try {
      if (!(await isRefused(transaction, statement, newest.n)))
        found.push(
          fault(
            AREA,
            `Nothing keeps an entry of the audit trail from a ${verb}: its trigger is gone`,
            await mend(patient),
          ),
        );
    } finally {
      await transaction.rollback();
    }
  }
  return orOk(AREA, 'The audit trail refuses to be changed or deleted', found);
}
