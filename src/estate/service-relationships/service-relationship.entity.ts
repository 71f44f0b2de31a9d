import { BelongsTo, Choice, LongText } from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity, via } from '../../core/resource/resource.js';
import { Service } from '../services/service.entity.js';
import { RELATIONSHIP_TYPES, type RelationshipType } from './dependence.js';

/** What one service is to another. */
@Resource({
  name: 'service_relationship',
  path: 'service-relationships',
  about: 'How services stand to each other: what depends on what, and what else fails with it.',
  client: via('from_service_id'),
  inheritsClient: true,
  unique: [['from_service_id', 'to_service_id', 'relationship_type']],
  writing:
    'Both services belong to the same client, where both belong to one. 409 where a circle would make no sense: among ' +
    '`depends_on`, `hosted_on` and `backend_for` together, among `proxied_by`, and among `authenticates_via`. ' +
    'Services may monitor each other.',
  changing: 'A relationship is there for those who see both services.',
  customFields: true,
})
export class ServiceRelationship extends ResourceEntity {
  @BelongsTo(() => Service, { onDelete: 'CASCADE' }) from_service_id!: string;
  @BelongsTo(() => Service, { onDelete: 'CASCADE' }) to_service_id!: string;
  @Choice(RELATIONSHIP_TYPES, {
    required: true,
    description:
      'What the first is to the second. All but monitors say that one depends on the other: the first on the second, ' +
      'with backend_for the second on the first',
  })
  relationship_type!: RelationshipType;
  @LongText({ optional: true, search: true }) notes!: string | null;
}
