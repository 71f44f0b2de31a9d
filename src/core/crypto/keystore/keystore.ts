import type { DataSource, EntitySchema } from 'typeorm';
import { isUnavailable } from '../../database/database-errors.js';
import { Database } from '../../database/database.js';
import { insertOnce, transact } from '../../database/transact.js';
import type { Connections, Dialect, Row, SqlValue, Transaction } from '../../database/sql.js';
import { UnavailableError } from '../../context/errors.js';
import { storedOf } from '../../table/stored.js';
import { entitySchema } from '../../table/entity-schema.js';
import { DataKey } from './data-key.entity.js';
import { KeystoreFact } from './keystore-fact.entity.js';
import { KeystoreProcess } from './process.entity.js';

type Rest<F> = F extends (first: never, ...rest: infer R) => unknown ? R : never;

/** The database of wrapped keys, apart from the main one: a dump of either alone opens nothing. */
export class Keystore extends Database {
  constructor(dataSource: DataSource, connections: Connections) {
    super(dataSource, connections);
  }

  /** Reads what is committed. @throws UnavailableError when the keystore is away */
  select<T = Row>(text: string, values: readonly SqlValue[] = []): Promise<T[]> {
    return this.serving(() => this.connections.reader.select<T>(text, values));
  }

  /** Commits one statement; resolves with the number of rows that it matched. @throws UnavailableError when it is away */
  change(text: string, values: readonly SqlValue[] = []): Promise<number> {
    return this.serving(() => transact(this, one => one.change(text, values)));
  }

  /** Commits what `work` does, as a whole. @throws UnavailableError when it is away */
  transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.serving(() => transact(this, work));
  }

  /** Inserts and commits, with what follows; false when the row is there already. @throws UnavailableError when it is away */
  insertOnce(...[text, values, following]: Rest<typeof insertOnce>): Promise<boolean> {
    return this.serving(() => insertOnce(this, text, values, following));
  }

  /** What was overwritten stays in no file of the database, as far as that is ours. @throws UnavailableError */
  scrub(): Promise<void> {
    return this.serving(() => this.connections.scrub());
  }

  /** Off-boarding destroys keys: what they sealed is meant to stay closed. */
  async isDestroyed(key_id: string): Promise<boolean> {
    const text = "SELECT id FROM data_keys WHERE id = ? AND state = 'destroyed'";
    return (await this.select(text, [key_id])).length > 0;
  }

  async fact(name: string): Promise<string | undefined> {
    const rows = await this.select<KeystoreFact>('SELECT value FROM keystore_facts WHERE name = ?', [name]);
    return rows[0]?.value;
  }

  /** Writes a fact unless it is known; returns the one that stands. */
  async establish(name: string, value: string): Promise<string> {
    await this.insertOnce('INSERT INTO keystore_facts (name, value) VALUES (?, ?)', [name, value]);
    return (await this.fact(name)) ?? value;
  }

  async forgetFact(name: string): Promise<void> {
    await this.change('DELETE FROM keystore_facts WHERE name = ?', [name]);
  }

  private async serving<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (isUnavailable(cause) || !this.dataSource.isInitialized)
        throw new UnavailableError('The keystore cannot serve now', { cause });
      throw cause;
    }
  }
}

/** What the keystore's tables are declared to be, for its data source. */
export function keystoreEntities(dialect: Dialect): EntitySchema[] {
  return [DataKey, KeystoreFact, KeystoreProcess].map(type => entitySchema(storedOf(type), dialect));
}
