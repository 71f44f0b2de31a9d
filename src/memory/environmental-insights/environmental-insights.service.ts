import { Injectable } from '@nestjs/common';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import type { Page } from '../../core/resource/lists/page.js';
import { ResourceService, type View } from '../../core/resource/resource.service.js';
import { InfrastructureService } from '../../estate/infrastructure/infrastructure.service.js';
import { EnvironmentalInsight } from './environmental-insight.entity.js';

@Injectable()
export class EnvironmentalInsightsService extends ResourceService(EnvironmentalInsight) {
  constructor(private readonly infrastructure: InfrastructureService) {
    super();
  }

  /** Those of one infrastructure item, and those that hold for all of its client. */
  async for(id: string, query: RawQuery): Promise<Page<View<EnvironmentalInsight>>> {
    const { client_id } = await this.infrastructure.find(id);
    const own = 'environmental_insights.infrastructure_id = ?';
    const everywhere =
      '(environmental_insights.infrastructure_id IS NULL AND environmental_insights.client_id = ?)';
    const clause = client_id
      ? { sql: `(${own} OR ${everywhere})`, values: [id, client_id] }
      : { sql: own, values: [id] };
    return this.list({ sort: '-priority', ...query }, clause);
  }
}
