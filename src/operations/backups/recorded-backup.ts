import type { ListedBackup } from './backup-folder.js';

/** What the backup log has noted of the file at a path; moments in ISO 8601. */
export interface RecordedBackup {
  size_bytes: number | null;
  checksum_sha256: string | null;
  created_at: string | null;
  verification: string;
  verified_at: string | null;
}

/** Whether the log speaks of this file, as far as size and header tell, and not of one that has its place now. */
export function isOf(record: RecordedBackup, { size_bytes, facts }: ListedBackup): boolean {
  return record.size_bytes === size_bytes && facts !== undefined && record.created_at === facts.created_at;
}

/** Whether nobody has written it since it was looked at, as the file system has it. */
export function isAsSeen(record: RecordedBackup, { changed_at }: ListedBackup): boolean {
  return record.verified_at !== null && changed_at <= record.verified_at;
}

/** What came of looking at a file that is as it was then; one that is not has been looked at by nobody. */
export function verificationOf(file: ListedBackup, record: RecordedBackup | undefined) {
  if (!record) return { verification: null, verified_at: null };
  // A damaged header is told of a file that is known to be damaged.
  const isSame = isAsSeen(record, file) && (isOf(record, file) || record.verification === 'failed');
  return isSame
    ? { verification: record.verification, verified_at: record.verified_at }
    : { verification: 'not_verified', verified_at: null };
}
