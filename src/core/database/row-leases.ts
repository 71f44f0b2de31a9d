import type { Database } from './database.js';
import { databaseTime } from './database-time.js';
import { newId } from './new-id.js';
import type { SqlValue } from './sql.js';
import { changeOne } from './transact.js';

/** Longer than what is done between two renewals: a round of deliveries, each of which has 10 s, or a part of a file. */
const LEASE_SECONDS = 30;

/**
 * Which process works at a row, by its columns `holder`, `held_until` and `fence`. Whoever is killed leaves it to others
 * half a minute later; whoever was held up so long that another has taken over finds its fence gone, and what it stores
 * under that changes nothing.
 */
export class RowLeases {
  private readonly holder = newId();

  constructor(
    private readonly database: Pick<Database, 'connections'>,
    private readonly table: string,
  ) {}

  /** A condition: no process works at the row. */
  get isFree(): string {
    return `(held_until IS NULL OR held_until < ${databaseTime(this.database.connections.dialect)})`;
  }

  /** What a statement sets that holds the row for as long again. */
  get holding(): string {
    return `held_until = ${databaseTime(this.database.connections.dialect, -LEASE_SECONDS)}`;
  }

  /**
   * @param among what else has to be true of the row
   * @returns the new fence; undefined where another process works at it
   */
  async claim(
    id: string,
    among: { sql: string; values: readonly SqlValue[] } = { sql: '1 = 1', values: [] },
  ): Promise<number | undefined> {
    const text =
      `UPDATE ${this.table} SET holder = ?, ${this.holding}, fence = fence + 1 ` +
      `WHERE id = ? AND ${this.isFree} AND ${among.sql}`;
    if ((await this.change(text, [this.holder, id, ...among.values])) !== 1) return undefined;
    const own = `SELECT fence FROM ${this.table} WHERE id = ? AND holder = ?`;
    const { reader } = this.database.connections;
    const [row] = await reader.select<{ fence: number }>(own, [id, this.holder]);
    return row && Number(row.fence);
  }

  /** Whether it is still ours, for as long again. */
  async renew(id: string, fence: number): Promise<boolean> {
    const text = `UPDATE ${this.table} SET ${this.holding} WHERE id = ? AND fence = ?`;
    return (await this.change(text, [id, fence])) === 1;
  }

  async release(id: string, fence: number): Promise<void> {
    const text = `UPDATE ${this.table} SET holder = NULL, held_until = NULL WHERE id = ? AND fence = ?`;
    await this.change(text, [id, fence]);
  }

  private change(text: string, values: SqlValue[]): Promise<number> {
    return changeOne(this.database, text, values);
  }
}
