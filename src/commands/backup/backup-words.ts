import type { BackupFacts } from '../../operations/backups/backup-format.js';
import type { VerifiedBackup } from '../../operations/backups/verify-backup.js';

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
/** Tables by which people know their installation. */
const KNOWN = ['clients', 'credentials', 'users', 'journal'];

/** `12.3 MiB` */
export function sizeOf(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  return power === 0 ? `${bytes} bytes` : `${(bytes / 1024 ** power).toFixed(1)} ${UNITS[power]}`;
}

/** What the header of a backup says. */
export function factWords({
  created_at,
  version,
  install_id,
  kek_id,
  database,
  trail,
}: BackupFacts): string[] {
  return [
    `made       ${created_at}, by Opskeep ${version}, of ${database}`,
    `of         installation ${install_id}`,
    `opened by  the master key ${kek_id}`,
    `trail      ${trail.sealed} sealed entries`,
  ];
}

/** What is known of a backup that was read to its end. */
export function backupWords(backup: VerifiedBackup & { file: string }): string[] {
  const { file, size_bytes, checksum_sha256, rows, tables, rows_by_table } = backup;
  const some = KNOWN.map(name => `${name} ${rows_by_table[`main.${name}`] ?? 0}`).join(', ');
  return [
    file,
    ...factWords(backup),
    `holds      ${rows} rows in ${tables} tables (${some})`,
    `size       ${sizeOf(size_bytes)}`,
    `SHA-256    ${checksum_sha256}`,
    'verified   every byte of it was read, and is as it was written',
  ];
}
