import { Choice, Flag, LongText, MayBelongTo, Moment, Text } from '../../core/table/field-decorators.js';
import { Resource, via } from '../../core/resource/resource.js';
import { Infrastructure } from '../../estate/infrastructure/infrastructure.entity.js';
import { Service } from '../../estate/services/service.entity.js';
import { now } from '../../core/database/values.js';
import { SECRETS_MASKED, SessionDetail } from '../sessions/session-detail.js';

@Resource({
  name: 'deployment',
  path: 'deployments',
  about: 'What was brought into service, where, and how it went.',
  client: via('session_id'),
  inheritsClient: true,
  overview: 'changes',
  redacts: ['version_label', 'source_path', 'destination_path', 'deployed_by', 'rollback_procedure', 'notes'],
  customFields: true,
})
export class Deployment extends SessionDetail {
  @MayBelongTo(() => Infrastructure, { listBy: true })
  infrastructure_id!: string | null;
  @MayBelongTo(() => Service, { listBy: true }) service_id!: string | null;
  @Choice(['code', 'config', 'database', 'container', 'service_restart'], { required: true })
  deployment_type!: string;
  @Text({ max: 100, optional: true, search: true, index: true }) version_label!: string | null;
  @Choice(['succeeded', 'failed', 'rolled_back', 'in_progress']) status!: string;
  @Text({ max: 1000, optional: true }) source_path!: string | null;
  @Text({ max: 1000, optional: true }) destination_path!: string | null;
  @Text({ optional: true, search: true }) deployed_by!: string | null;
  @Moment({ default: now, description: 'Now when absent' }) deployed_at!: string;
  @Flag({ default: false }) rollback_available!: boolean;
  @LongText({ optional: true, description: SECRETS_MASKED }) rollback_procedure!: string | null;
  @LongText({ optional: true, search: true, description: SECRETS_MASKED }) notes!: string | null;
}
