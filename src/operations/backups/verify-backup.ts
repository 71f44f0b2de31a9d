import type { MasterKeys } from '../../core/crypto/master-key/master-key-set.js';
import type { BackupFile, Told } from './backup-file.js';
import type { BackupFacts, BackupMigrations, BackupTable, Counts } from './backup-format.js';

/** What is known of a backup that was read to its end. */
export interface VerifiedBackup extends BackupFacts, Counts {
  /** Of the file: bytes, and SHA-256 in hex. */
  size_bytes: number;
  checksum_sha256: string;
  /** How many rows each table has: `main.clients`. */
  rows_by_table: Record<string, number>;
  migrations: BackupMigrations;
  /** The master keys without which some of its data keys stay closed. */
  wrapped_by: string[];
}

/**
 * Reads a backup to its end, every chunk of it, without putting it anywhere.
 *
 * @throws DamagedBackupError; MissingKeyError
 */
export async function verifyBackup(
  file: BackupFile,
  masterKeys: MasterKeys,
  told: Told = () => undefined,
): Promise<VerifiedBackup> {
  let migrations: BackupMigrations = { main: [], keystore: [] };
  let table: BackupTable | undefined;
  const rows: Record<string, number> = {};
  const keks = new Set<string>();
  const nameOf = ({ database, table: name }: BackupTable) => `${database}.${name}`;
  const { checksum, ...counts } = await file.read(
    masterKeys,
    one => {
      if (one.part === 'migrations') ({ migrations } = one);
      else if (one.part === 'table') rows[nameOf((table = one.table))] = 0;
      else if (table) {
        rows[nameOf(table)]!++;
        if (table.table !== 'data_keys') return;
        const at = (name: string) => one.row[table!.columns.findIndex(([column]) => column === name)];
        if (at('state') !== 'destroyed') keks.add(String(at('kek_id')));
      }
    },
    told,
  );
  return {
    ...file.facts,
    ...counts,
    size_bytes: file.size,
    checksum_sha256: checksum,
    rows_by_table: rows,
    migrations,
    wrapped_by: [...keks],
  };
}
