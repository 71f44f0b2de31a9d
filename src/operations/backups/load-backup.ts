import type { Keystore } from '../../core/crypto/keystore/keystore.js';
import type { MasterKeys } from '../../core/crypto/master-key/master-key-set.js';
import type { Database } from '../../core/database/database.js';
import { placeholders, type SqlValue, type Transaction } from '../../core/database/sql.js';
import type { MainDatabase } from '../../core/database/main-database.js';
import type { BackupFile, Told } from './backup-file.js';
import type { BackupSide, BackupTable } from './backup-format.js';
import { columnsIn } from './backup-tables.js';

/** Of one statement: values, and characters, of which a server takes only so many. */
const MOST_VALUES = 10_000;
const MOST_CHARACTERS = 1_000_000;
/** Characters of one transaction. */
const TRANSACTION = 16_000_000;

const lengthOf = (row: SqlValue[]) =>
  row.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 8), 0);

/** Puts rows into tables of one database, some thousands in a transaction; rows may come before what they refer to. */
class Loader {
  private transaction?: Transaction;
  private table?: { name: string; columns: string; width: number };
  private rows: SqlValue[][] = [];
  private characters = 0;
  private inTransaction = 0;

  constructor(private readonly database: Database) {}

  async begin(table: BackupTable): Promise<void> {
    await this.write();
    const columns = columnsIn(this.database.dialect, table);
    this.table = { name: table.table, columns, width: table.columns.length };
    // What migrations put there is in the backup, too.
    await (await this.begun()).change(`DELETE FROM ${table.table}`);
  }

  async add(row: SqlValue[]): Promise<void> {
    this.rows.push(row);
    this.characters += lengthOf(row);
    const values = this.rows.length * (this.table?.width ?? 0);
    if (values < MOST_VALUES && this.characters < MOST_CHARACTERS) return;
    await this.write();
    if (this.inTransaction > TRANSACTION) await this.commit();
  }

  async end(): Promise<void> {
    await this.write();
    await this.commit();
  }

  async giveUp(): Promise<void> {
    await this.transaction?.rollback();
    this.transaction = undefined;
  }

  private async write(): Promise<void> {
    const { rows, table } = this;
    if (!table || rows.length === 0) return;
    const line = `(${placeholders(table.width)})`;
    const text = `INSERT INTO ${table.name} (${table.columns}) VALUES ${rows.map(() => line).join(', ')}`;
    await (await this.begun()).change(text, rows.flat());
    this.inTransaction += this.characters;
    this.rows = [];
    this.characters = 0;
  }

  private async begun(): Promise<Transaction> {
    if (this.transaction) return this.transaction;
    this.transaction = await this.database.connections.begin();
    // Every number is kept as it is, and in which order tables come does not matter.
    if (this.database.dialect === 'mariadb')
      await this.transaction.change(
        "SET SESSION foreign_key_checks = 0, sql_mode = CONCAT(@@SESSION.sql_mode, ',NO_AUTO_VALUE_ON_ZERO')",
      );
    return this.transaction;
  }

  private async commit(): Promise<void> {
    const { transaction } = this;
    this.transaction = undefined;
    this.inTransaction = 0;
    await transaction?.commit();
  }
}

/**
 * Puts all rows of a backup into databases that have its tables, and none that matter in them.
 *
 * @throws DamagedBackupError where the file is not what it was when it was verified; the error of a database
 */
export async function loadBackup(
  file: BackupFile,
  masterKeys: MasterKeys,
  databases: { main: MainDatabase; keystore: Keystore },
  told: Told,
): Promise<void> {
  const loaders: Record<BackupSide, Loader> = {
    main: new Loader(databases.main),
    keystore: new Loader(databases.keystore),
  };
  for (const { dialect, dataSource } of Object.values(databases))
    if (dialect === 'sqlite') await dataSource.query('PRAGMA foreign_keys = OFF');
  let loader = loaders.main;
  try {
    await file.read(
      masterKeys,
      one => {
        if (one.part === 'row') return loader.add(one.row);
        if (one.part !== 'table') return;
        loader = loaders[one.table.database];
        return loader.begin(one.table);
      },
      told,
    );
    for (const one of Object.values(loaders)) await one.end();
  } catch (error) {
    for (const one of Object.values(loaders)) await one.giveUp();
    throw error;
  }
}
