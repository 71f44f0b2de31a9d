import { IsInt, Max, Min } from 'class-validator';
import { Choice, field, LongText, Moment, Text } from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';

const LARGEST = Number.MAX_SAFE_INTEGER;

/** A backup of this installation. */
@Resource({
  name: 'backup_log_entry',
  path: 'backup-log',
  about: 'The backups of this installation, with what became of their verification.',
  client: 'none',
  writeScope: 'msp:admin',
  writing: 'For backups that are made by other means than our own.',
})
export class BackupLogEntry extends ResourceEntity {
  @Choice(['manual', 'daily', 'weekly', 'monthly', 'pre_migration'], { required: true }) backup_type!: string;
  @Text({ max: 1000, optional: true, search: true }) file_path!: string | null;
  @field(
    { kind: 'big' },
    [IsInt(), Min(0), Max(LARGEST)],
    { type: 'integer', minimum: 0, maximum: LARGEST },
    { optional: true },
  )
  size_bytes!: number | null;
  @Text({
    max: 64,
    optional: true,
    index: true,
    lower: true,
    pattern: /^[0-9a-fA-F]{64}$/,
    must: 'be 64 hexadecimal digits',
    example: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  })
  checksum_sha256!: string | null;
  @Moment({ optional: true }) started_at!: string | null;
  @Moment({ optional: true, description: 'Not before started_at' }) finished_at!: string | null;
  @Choice(['not_verified', 'passed', 'failed']) verification!: string;
  @Text({ max: 100, optional: true, index: true, example: 'mariadb-dump' }) method!: string | null;
  @LongText({ optional: true, search: true }) notes!: string | null;
}
