import { createHash } from 'node:crypto';
import { MariadbTransaction } from './mariadb-transaction.js';
import { placeholders, type Row, type SqlValue } from './sql.js';

/** Rows of `cluster_locks`: few, so that the table stays small; two locks that share one wait for each other in vain. */
const SLOTS = 4_096;
const LOCKING = / (?:FOR UPDATE|LOCK IN SHARE MODE)$/;

/**
 * A transaction on a node of Galera, where a lock holds on its own node alone: nodes agree about what is written. So who
 * locks rows writes that down, and of two who lock the same on two nodes one is refused at its commit (1213), and repeats
 * its unit behind the other.
 */
export class GaleraTransaction extends MariadbTransaction {
  override async select<T = Row>(text: string, values?: readonly SqlValue[]): Promise<T[]> {
    const rows = await super.select<T>(text, values);
    if (!LOCKING.test(text) || rows.length === 0) return rows;
    const slots = slotsOf(text, rows as Row[]);
    await this.change(
      `INSERT INTO cluster_locks (slot, taken) VALUES ${placeholders(slots.length).replaceAll('?', '(?, 1)')} ` +
        'ON DUPLICATE KEY UPDATE taken = taken + 1',
      slots,
    );
    // Others may have committed between the two.
    return super.select<T>(text, values);
  }
}

/** In one order for everybody. Rows without an id are locked as their table is. */
function slotsOf(text: string, rows: readonly Row[]): number[] {
  const table = /\bFROM (\w+)/i.exec(text)?.[1] ?? '';
  const slots = rows.map(row => {
    const id = row.id ?? row.name ?? '';
    const name = `${table}:${typeof id === 'string' ? id : ''}`;
    return createHash('sha256').update(name).digest().readUInt16BE(0) % SLOTS;
  });
  return [...new Set(slots)].sort((a, b) => a - b);
}
