import { Big, Choice, LongText, Moment, Sha256, Text } from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';

/** A backup of this installation. */
@Resource({
  name: 'backup_log_entry',
  path: 'backup-log',
  about:
    'The backups of this installation, with what became of their verification. Not for users who see some clients alone.',
  client: 'none',
  writeScope: 'msp:admin',
  redacts: ['file_path', 'method', 'notes'],
  writing: 'For backups that are made by other means than our own.',
})
export class BackupLogEntry extends ResourceEntity {
  @Choice(['manual', 'daily', 'weekly', 'monthly', 'pre_migration'], { required: true }) backup_type!: string;
  @Text({ max: 1000, optional: true, search: true }) file_path!: string | null;
  @Big({ optional: true, index: false }) size_bytes!: number | null;
  @Sha256({ optional: true, index: true }) checksum_sha256!: string | null;
  @Moment({ optional: true }) started_at!: string | null;
  @Moment({ optional: true, description: 'Not before started_at' }) finished_at!: string | null;
  @Choice(['not_verified', 'passed', 'failed']) verification!: string;
  @Moment({ optional: true, readOnly: true, description: 'When verification was last said, if it was' })
  verified_at!: string | null;
  @Text({ max: 100, optional: true, index: true, example: 'mariadb-dump' }) method!: string | null;
  @LongText({ optional: true, search: true }) notes!: string | null;
}
