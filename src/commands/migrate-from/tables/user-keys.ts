import { FormatError } from '../../../formats/format-error.js';
import { unwrapEarlierKey } from '../../../formats/earlier-value.js';
import type { EarlierDatabase } from '../source/earlier-database.js';
import { columnsOf, requireColumn } from '../source/earlier-database.js';
import { rowsOf } from '../source/told-rows.js';
import { ClosedValue, type ValueKeys } from './value-keys.js';

/** Where the wrapped keys of users are. */
export interface KeyTable {
  table: string;
  user: string;
  wrapped: string;
}

/** A key for each user, wrapped by the master key, and one for what belongs to nobody. */
export class UserKeys implements ValueKeys {
  private constructor(
    private readonly keys: ReadonlyMap<string, Uint8Array>,
    private readonly closed: ReadonlySet<string>,
    private readonly pool: Uint8Array | undefined,
  ) {}

  /**
   * @param pool the key of what belongs to nobody, if there is one
   * @throws UsageError for tables and columns that are not there; Error where the master key opens none of the keys
   */
  static async read(
    database: EarlierDatabase,
    { table, user, wrapped }: KeyTable,
    masterKey: Uint8Array,
    pool: Uint8Array | undefined,
  ): Promise<UserKeys> {
    const columns = await columnsOf(database, table, '--keys-table');
    requireColumn(table, columns, user, '--keys-user-column');
    requireColumn(table, columns, wrapped, '--keys-column');
    const keys = new Map<string, Uint8Array>();
    const closed = new Set<string>();
    for await (const cells of rowsOf(database, table, [user, wrapped], user)) {
      const [whose, blob] = [cells.get(user), cells.get(wrapped)];
      if (!whose) continue;
      const id = database.textOf(whose);
      try {
        keys.set(id, unwrapEarlierKey(masterKey, id, blob ?? Buffer.alloc(0)));
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        closed.add(id);
      }
    }
    if (keys.size === 0 && closed.size > 0)
      throw new Error(
        `The master key opens none of the ${closed.size} user keys of the table ${JSON.stringify(table)}: ` +
          'it is another one. Nothing was written',
      );
    return new UserKeys(keys, closed, pool);
  }

  keyFor(user: string | null): Uint8Array {
    if (user === null) {
      if (this.pool) return this.pool;
      throw new ClosedValue('it belongs to no user: --salt tells the salt of the pool key');
    }
    const key = this.keys.get(user);
    if (key) return key;
    throw new ClosedValue(
      this.closed.has(user)
        ? 'the master key does not open the key of its user'
        : 'its user has no key there',
    );
  }
}
