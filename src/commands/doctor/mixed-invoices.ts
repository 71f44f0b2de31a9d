import type { Sql } from '../../core/database/sql.js';
import { type Finding, some, warning } from './finding.js';

/** Invoices on which there is time of several clients, or in several currencies: from before that was refused. */
export async function mixedInvoices(sql: Sql): Promise<Finding[]> {
  const mixed =
    'SELECT invoice_ref FROM billable_time WHERE invoice_ref IS NOT NULL AND NOT EXISTS ' +
    '(SELECT 1 FROM billable_time taken_back WHERE taken_back.credits_id = billable_time.id) GROUP BY invoice_ref ' +
    'HAVING MIN(client_id) <> MAX(client_id) OR MIN(currency) <> MAX(currency)';
  const [count] = await sql.select<{ total: number }>(`SELECT COUNT(*) AS total FROM (${mixed}) mixed`);
  const total = Number(count?.total);
  if (total === 0) return [];
  const rows = await sql.select<{ invoice_ref: string }>(`${mixed} ORDER BY invoice_ref LIMIT 6`);
  const names = rows.map(one => one.invoice_ref);
  return [
    warning(
      'rows',
      `billable_time: ${some(total, 'invoice', names)} of several clients or in several currencies`,
      'Take back what is on the wrong one (POST /api/billable-time/{id}/credit), and bill it on an invoice of its own',
    ),
  ];
}
