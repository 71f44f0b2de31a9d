import { ConflictError } from '../../core/context/errors.js';
import { lockInstallation } from '../../core/database/locks.js';
import type { ResourceKit } from '../../core/resource/kit.js';
import type { BillableTime } from './billable-time.entity.js';

type Billed = Pick<BillableTime, 'client_id' | 'currency'>;

/**
 * 409 where entries are not of one client and one currency, or others of another one are on their invoice already, also
 * those that the actor does not see. Nobody else puts anything onto an invoice until the unit ends.
 */
export async function requireOneInvoice(
  { units }: ResourceKit,
  invoice_ref: string,
  rows: readonly BillableTime[],
): Promise<void> {
  await lockInstallation(units.sql);
  const [first] = rows;
  if (!first) return;
  const others = (name: keyof Billed) => rows.filter(one => one[name] !== first[name]).map(one => one.id);
  for (const [name, message] of OF_ENTRIES) {
    const ids = others(name);
    if (ids.length > 0)
      throw new ConflictError(message, { field: 'ids', resource_type: 'BillableTime', ids });
  }
  const text = 'SELECT DISTINCT client_id, currency FROM billable_time WHERE invoice_ref = ?';
  const billed = await units.sql.select<Billed>(text, [invoice_ref]);
  for (const [name, message] of OF_INVOICE)
    if (billed.some(one => one[name] !== first[name]))
      throw new ConflictError(message, { field: 'invoice_ref', resource_type: 'BillableTime' });
}

const OF_ENTRIES = [
  ['client_id', 'An invoice is of one client'],
  ['currency', 'An invoice is of one currency'],
] as const;
const OF_INVOICE = [
  ['client_id', 'This invoice is of another client'],
  ['currency', 'This invoice is of another currency'],
] as const;
