import { Injectable } from '@nestjs/common';
import { Rows } from '../../core/table/rows.js';
import { BackupLogEntry } from '../backup-log/backup-log-entry.entity.js';
import { BackupLogService } from '../backup-log/backup-log.service.js';
import type { RecordedBackup } from './recorded-backup.js';
import type { VerifiedBackup } from './verify-backup.js';

const METHOD = 'opskeep admin backup';
export type BackupType = 'manual' | 'daily' | 'weekly' | 'monthly' | 'pre_migration';

/** What the backup log has about backups of our own. */
@Injectable()
export class BackupRecords {
  constructor(
    private readonly log: BackupLogService,
    private readonly rows: Rows,
  ) {}

  /** A backup that was made, and read back to its end. */
  async made(
    path: string,
    { size_bytes, checksum_sha256, created_at, id, rows }: VerifiedBackup,
    backup_type: BackupType,
    finished_at: string,
  ): Promise<void> {
    await this.log.create({
      backup_type,
      file_path: path,
      size_bytes,
      checksum_sha256,
      started_at: created_at,
      finished_at,
      verification: 'passed',
      method: METHOD,
      notes: `Backup ${id} of ${rows} rows.`,
    });
  }

  /** Notes what came of looking at a file anew; false where the log has no such backup. */
  async looked(
    file_path: string,
    verification: 'passed' | 'failed',
    checksum_sha256?: string,
  ): Promise<boolean> {
    // By its content where it was moved; by its name where its content is damaged.
    const found =
      (checksum_sha256 && (await this.newest({ checksum_sha256 }))) || (await this.newest({ file_path }));
    if (!found) return false;
    await this.log.update(found.id, { verification });
    return true;
  }

  /** What the log says of each of these files, by its path; of a path that it has twice, the newest. */
  async known(paths: string[]): Promise<Map<string, RecordedBackup>> {
    const order = { order: 'created_at, id' };
    const found = await this.rows.find(BackupLogEntry, { file_path: paths, method: METHOD }, order);
    return new Map(found.map(one => [one.file_path ?? '', recorded(one)]));
  }

  /** What the log says of a file that retention has removed. */
  async removed(file_path: string, at: string): Promise<void> {
    const found = await this.newest({ file_path });
    if (found)
      await this.log.update(found.id, { notes: `${found.notes ?? ''} Removed at ${at}, by retention.` });
  }

  private async newest(where: Partial<BackupLogEntry>): Promise<BackupLogEntry | undefined> {
    const order = { order: 'created_at DESC, id DESC', limit: 1 };
    return (await this.rows.find(BackupLogEntry, { ...where, method: METHOD }, order))[0];
  }
}

function recorded(entry: BackupLogEntry): RecordedBackup {
  const { size_bytes, checksum_sha256, started_at, verification, verified_at, finished_at } = entry;
  return {
    size_bytes,
    checksum_sha256,
    created_at: started_at,
    verification,
    // Entries of before `verified_at` was noted.
    verified_at: verified_at ?? finished_at,
  };
}
