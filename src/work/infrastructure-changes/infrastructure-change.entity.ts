import { Choice, Flag, LongText, MayBelongTo, Text } from '../../core/table/field-decorators.js';
import { Resource, via } from '../../core/resource/resource.js';
import { Infrastructure } from '../../estate/infrastructure/infrastructure.entity.js';
import { SECRETS_MASKED, SessionDetail } from '../sessions/session-detail.js';

@Resource({
  name: 'infrastructure_change',
  path: 'infrastructure-changes',
  about: 'Changes to servers, networks and other equipment, with the way back.',
  client: via('session_id'),
  inheritsClient: true,
  overview: 'changes',
  redacts: ['target_system', 'before_state', 'after_state', 'rollback_procedure', 'verification_notes'],
  customFields: true,
})
export class InfrastructureChange extends SessionDetail {
  @MayBelongTo(() => Infrastructure, { listBy: true })
  infrastructure_id!: string | null;
  @Choice(
    ['service_config', 'dns', 'firewall', 'routing', 'ssl', 'container', 'hardware', 'network', 'storage'],
    { required: true },
  )
  change_type!: string;
  @Text({ optional: true, search: true, index: true }) target_system!: string | null;
  @LongText({ optional: true, description: SECRETS_MASKED }) before_state!: string | null;
  @LongText({ optional: true, description: SECRETS_MASKED }) after_state!: string | null;
  @Flag({ default: true }) is_permanent!: boolean;
  @LongText({ optional: true, description: SECRETS_MASKED }) rollback_procedure!: string | null;
  @Flag({ default: false }) verification_performed!: boolean;
  @LongText({ optional: true, search: true, description: SECRETS_MASKED }) verification_notes!: string | null;
}
