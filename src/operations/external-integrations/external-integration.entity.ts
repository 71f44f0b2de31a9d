import { Choice, Flag, LongText, MapOf, MayBelongTo, Whole } from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity, via } from '../../core/resource/resource.js';
import { Session } from '../../work/sessions/session.entity.js';
import { SYSTEMS } from '../systems.js';

/** One exchange with another system. It is a log: what was written is not changed. */
@Resource({
  name: 'external_integration',
  path: 'external-integrations',
  about: 'The log of exchanges with other systems.',
  client: via('session_id'),
  redacts: true,
  routes: ['list', 'create', 'bulk', 'get', 'remove'],
})
export class ExternalIntegration extends ResourceEntity {
  @Choice(SYSTEMS, { required: true }) system!: string;
  @Choice(['outbound', 'inbound']) direction!: string;
  @Choice(['created', 'updated', 'linked', 'attached', 'failed'], { required: true }) action!: string;
  @MayBelongTo(() => Session, { listBy: true }) session_id!: string | null;
  @MapOf('any', { optional: true }) request!: Record<string, unknown> | null;
  @MapOf('any', { optional: true }) response!: Record<string, unknown> | null;
  @Whole({ min: 100, max: 599, optional: true, description: 'The status of HTTP' }) status_code!:
    number | null;
  @Flag({ default: true }) success!: boolean;
  @LongText({ optional: true, search: true }) error_message!: string | null;
}
