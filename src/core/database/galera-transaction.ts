import { createHash } from 'node:crypto';
import { MariadbTransaction } from './mariadb-transaction.js';
import { placeholders, type Row, type SqlValue } from './sql.js';

/** Rows of `cluster_locks`: few, so that the table stays small; two locks that share one wait for each other in vain. */
const SLOTS = 4_096;
const LOCKING = / (?:FOR UPDATE|LOCK IN SHARE MODE)$/;

/**
 * A transaction on a node of Galera. A lock holds on its own node alone; nodes agree about what is written. So who locks
 * rows writes that down, and of two who lock the same on two nodes one is undone (1213), and repeats its unit behind the
 * other.
 *
 * MariaDB does not always say that it has undone a transaction: the answer to a SELECT may be on its way already
 * (MDEV-39662), and what followed would be committed statement by statement. So nothing here is committed by itself, and
 * the savepoint before the first change must still be there before the commit: with its transaction it is gone (1305).
 */
export class GaleraTransaction extends MariadbTransaction {
  static override readonly START = 'SET autocommit = 0';
  private begun?: Promise<number>;

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

  override async change(text: string, values?: readonly SqlValue[], patience?: number): Promise<number> {
    await (this.begun ??= super.change('SAVEPOINT begun', [], patience));
    return super.change(text, values, patience);
  }

  override async commit(): Promise<void> {
    try {
      if (this.begun) await super.change('RELEASE SAVEPOINT begun');
    } catch (error) {
      this.giveUp(error);
      throw error;
    }
    await super.commit();
  }

  protected override release(): void {
    this.connection.query('SET autocommit = 1', error => error && this.connection.destroy());
    super.release();
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
