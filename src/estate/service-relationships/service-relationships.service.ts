import { Injectable } from '@nestjs/common';
import { ValidationError } from '../../core/context/errors.js';
import { leadsTo, lockEdges } from '../../core/resource/graph.js';
import { ResourceService } from '../../core/resource/resource.service.js';
import { allOf, type Clause } from '../../core/table/clause.js';
import { ServicesService } from '../services/services.service.js';
import { endsOf, withoutCircles } from './dependence.js';
import { ServiceRelationship } from './service-relationship.entity.js';

@Injectable()
export class ServiceRelationshipsService extends ResourceService(ServiceRelationship) {
  constructor(private readonly services: ServicesService) {
    super();
  }

  protected override async check(row: ServiceRelationship, before?: ServiceRelationship): Promise<void> {
    if (row.from_service_id === row.to_service_id)
      throw ValidationError.of('to_service_id', 'must be another service than from_service_id', 'differs');
    const graph = withoutCircles(row.relationship_type);
    if (!graph || (before && isPlacedAs(row, before))) return;
    const { from, to } = endsOf(row);
    await lockEdges(this.kit.units);
    if (await leadsTo(this.kit.units, graph, to, from, before?.id))
      throw this.conflict('The services would depend on each other in a circle', row, 'to_service_id');
  }

  /** The other end is not told of to those who do not see it. */
  protected override restrictions(): Clause[] {
    const visible = this.services.visible();
    if (visible.length === 0) return super.restrictions();
    const { sql, values } = allOf(visible);
    const seen = `service_relationships.to_service_id IN (SELECT services.id FROM services WHERE ${sql})`;
    return [...super.restrictions(), { sql: seen, values }];
  }
}

function isPlacedAs(row: ServiceRelationship, before: ServiceRelationship): boolean {
  return (['from_service_id', 'to_service_id', 'relationship_type'] as const).every(
    name => row[name] === before[name],
  );
}
