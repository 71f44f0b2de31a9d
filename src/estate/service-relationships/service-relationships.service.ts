import { Injectable } from '@nestjs/common';
import { ValidationError } from '../../core/context/errors.js';
import { leadsTo, lockEdges } from '../../core/resource/structure/graph.js';
import { ResourceService } from '../../core/resource/resource.service.js';
import { whereSeen } from '../../core/resource/restriction.js';
import type { Clause } from '../../core/table/clause.js';
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
    return [...super.restrictions(), ...whereSeen('service_relationships.to_service_id', this.services)];
  }
}

function isPlacedAs(row: ServiceRelationship, before: ServiceRelationship): boolean {
  return (['from_service_id', 'to_service_id', 'relationship_type'] as const).every(
    name => row[name] === before[name],
  );
}
