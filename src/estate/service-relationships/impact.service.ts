import { Injectable } from '@nestjs/common';
import { ResourceKit } from '../../core/resource/kit.js';
import { backwards, reached } from '../../core/resource/structure/graph.js';
import { allOf } from '../../core/table/clause.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import { Service } from '../services/service.entity.js';
import { ServicesService } from '../services/services.service.js';
import { DEPENDENCE } from './dependence.js';
import type { Impact, ImpactedService } from './impact.answers.js';

const DEPENDENTS = DEPENDENCE.map(backwards);
/** Relationships that are followed; beyond them the answer says that it is not whole. */
const MOST_EDGES = 100_000;

interface Edge {
  dependent: string;
  needed: string;
}

/** What else fails with a service. */
@Injectable()
export class ImpactService {
  constructor(
    private readonly kit: ResourceKit,
    private readonly services: ServicesService,
  ) {}

  /**
   * A page of what depends on the service, nearest first, each with the length of its shortest path. The paths lead
   * through services that the actor does not see, too; these are neither named nor counted.
   */
  async of(id: string, skip: number, limit: number): Promise<Impact> {
    await this.services.find(id);
    const edges = await this.edges(id);
    const lengths = await shortest(id, edges.slice(0, MOST_EDGES));
    const seen = await this.seen(id, lengths);
    const page = seen.slice(skip, skip + limit);
    return {
      items: await this.described(page, lengths),
      total: seen.length,
      skip,
      limit,
      truncated: edges.length > MOST_EDGES,
    };
  }

  /** Every relationship by which something depends on the service, or on what depends on it. */
  private edges(id: string): Promise<Edge[]> {
    const { sql, values } = reached(DEPENDENTS, id);
    const ends = DEPENDENCE.map(
      ({ table, from, to, only }) =>
        `SELECT edge.${from} AS dependent, edge.${to} AS needed FROM ${table} edge ` +
        `WHERE (edge.${to} = ? OR edge.${to} IN (SELECT id FROM reached)) AND ${only}`,
    );
    const text = `${sql} ${ends.join(' UNION ALL ')} LIMIT ${MOST_EDGES + 1}`;
    return this.kit.units.sql.scan<Edge>(text, [...values, ...DEPENDENCE.map(() => id)]);
  }

  /** Those of the services that the actor sees, nearest first. */
  private async seen(id: string, lengths: Map<string, number>): Promise<string[]> {
    const byLength = [...lengths.keys()];
    const visible = this.services.visible();
    if (visible.length === 0 || byLength.length === 0) return byLength;
    const { sql, values } = reached(DEPENDENTS, id);
    const allowed = allOf(visible);
    const text = `${sql} SELECT services.id FROM services WHERE services.id IN (SELECT id FROM reached) AND ${allowed.sql}`;
    const rows = await this.kit.units.sql.scan<{ id: string }>(text, [...values, ...allowed.values]);
    const known = new Set(rows.map(one => one.id));
    return byLength.filter(one => known.has(one));
  }

  private async described(ids: string[], lengths: Map<string, number>): Promise<ImpactedService[]> {
    const rows = await this.kit.rows.find(Service, { id: ids });
    const byId = new Map(rows.map(row => [row.id, row]));
    return ids.flatMap(id => {
      const row = byId.get(id);
      if (!row) return [];
      const { name, client_id, infrastructure_id, status } = row;
      return [{ id, name, client_id, infrastructure_id, status, path_length: lengths.get(id) ?? 0 }];
    });
  }
}

/** How many edges lie between each node and the start, which is not among them; nearest first, then by id. */
async function shortest(start: string, edges: Edge[]): Promise<Map<string, number>> {
  const dependents = new Map<string, string[]>();
  for (const { dependent, needed } of edges) {
    const known = dependents.get(needed);
    if (known) known.push(dependent);
    else dependents.set(needed, [dependent]);
  }
  const lengths = new Map<string, number>();
  for (let at = [start], length = 1; at.length > 0; length++) {
    if (turnIsOver()) await nextTurn();
    const next = new Set(at.flatMap(id => dependents.get(id) ?? []));
    at = [...next].filter(id => id !== start && !lengths.has(id)).sort();
    for (const id of at) lengths.set(id, length);
  }
  return lengths;
}
