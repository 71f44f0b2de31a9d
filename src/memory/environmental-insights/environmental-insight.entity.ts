import { User } from '../../core/access/user.entity.js';
import { Choice, LongText, MayBelongTo, Moment, Text, Whole } from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { Infrastructure } from '../../estate/infrastructure/infrastructure.entity.js';
import { OperationFailure } from '../operation-failures/operation-failure.entity.js';

/** What to know of a place before one works there. */
@Resource({
  name: 'environmental_insight',
  path: 'environmental-insights',
  about: 'What to know of an infrastructure item, or of all of a client, before one works there.',
  client: 'self',
  inheritsClient: true,
  owner: 'user_id',
  redacts: true,
  overview: 'problems',
})
export class EnvironmentalInsight extends ResourceEntity {
  @MayBelongTo(() => Client) client_id!: string | null;
  @MayBelongTo(() => Infrastructure, { description: 'None: it holds for all of the client' })
  infrastructure_id!: string | null;
  @MayBelongTo(() => User, { readOnly: true, description: 'Who wrote it' }) user_id!: string | null;
  @Choice(
    [
      'command_constraints',
      'service_configuration',
      'version_limitations',
      'custom_installations',
      'network_constraints',
      'permissions',
    ],
    { required: true },
  )
  category!: string;
  @Text({ max: 500, search: true }) title!: string;
  @LongText({ search: true }) description!: string;
  @Choice(['confirmed', 'likely', 'suspected']) confidence!: string;
  @Whole({ min: 1, max: 10, default: 5, description: '10 comes first' }) priority!: number;
  @MayBelongTo(() => OperationFailure) source_failure_id!: string | null;
  @Moment({ optional: true }) last_verified_at!: string | null;
}
