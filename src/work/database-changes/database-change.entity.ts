import { Big, Choice, Flag, LongText, MayBelongTo, Text } from '../../core/table/field-decorators.js';
import { Resource, via } from '../../core/resource/resource.js';
import { Infrastructure } from '../../estate/infrastructure/infrastructure.entity.js';
import { MASKED, SECRETS_MASKED, SessionDetail } from '../sessions/session-detail.js';

@Resource({
  name: 'database_change',
  path: 'database-changes',
  about: 'Changes to databases, with their backups.',
  client: via('session_id'),
  inheritsClient: true,
  overview: 'changes',
  redacts: ['sql_executed', 'backup_location', 'notes'],
  customFields: true,
})
export class DatabaseChange extends SessionDetail {
  @MayBelongTo(() => Infrastructure, { listBy: true })
  infrastructure_id!: string | null;
  @Text({ search: true, index: true }) database_name!: string;
  @Choice(['schema', 'data', 'index', 'optimization', 'cleanup', 'migration'], { required: true })
  change_type!: string;
  @LongText({ optional: true, search: true, description: `The statements; ${MASKED}` })
  sql_executed!: string | null;
  @Big({ optional: true }) rows_affected!: number | null;
  @Big({ optional: true }) size_freed_bytes!: number | null;
  @Flag({ default: false }) backup_taken!: boolean;
  @Text({ max: 1000, optional: true, description: SECRETS_MASKED }) backup_location!: string | null;
  @LongText({ optional: true, search: true, description: SECRETS_MASKED }) notes!: string | null;
}
