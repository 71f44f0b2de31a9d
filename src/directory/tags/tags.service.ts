import { Injectable } from '@nestjs/common';
import { reaches, requireReach } from '../../core/context/actor.js';
import { placeholders } from '../../core/database/sql.js';
import { AuthorizationError, ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import type { AnyResourceService } from '../../core/resource/resource-registry.js';
import { ResourceService, type View } from '../../core/resource/resource.service.js';
import { allResources } from '../../core/resource/resource.js';
import { whereSeen } from '../../core/resource/restriction.js';
import { allOf, type Clause } from '../../core/table/clause.js';
import { type Retag, tagTable } from '../../core/resource/tags/tagging.js';
import { Tag } from './tag.entity.js';

/** Tags, and their assignment to one row of any taggable resource. */
@Injectable()
export class TagsService extends ResourceService(Tag) {
  /** Puts the tag on a row; no change when it is there. */
  assign(id: string, resource: string, resource_id: string): Promise<void> {
    return this.retag(id, resource, resource_id, name => names => [...names, name]);
  }

  /** Takes the tag from a row; no change when it is not there. */
  unassign(id: string, resource: string, resource_id: string): Promise<void> {
    return this.retag(id, resource, resource_id, name => names => names.filter(one => one !== name));
  }

  /** An ordinary update of the row, which checks access and tells audit and listeners. */
  private retag(id: string, resource: string, row: string, change: (name: string) => Retag): Promise<void> {
    return this.kit.units.run(async () => {
      const { name } = await this.find(id);
      const service = this.taggable(resource);
      requireReach(currentActor(), service.spec.path);
      if (!(await service.reference(row))) throw service.missing(row);
      const tags = change(name);
      const present = (await this.kit.tagging.namesOf(service.spec, [row])).get(row) ?? [];
      if (new Set(tags(present)).size !== present.length) await service.update(row, { tags });
    });
  }

  /** By path or by table: `security-incidents`, `security_incidents`. */
  private taggable(resource: string): AnyResourceService {
    const service = this.taggables().find(({ spec }) => [spec.path, spec.table].includes(resource));
    if (service) return service;
    const paths = this.taggables().map(one => one.spec.path);
    throw ValidationError.of('resource', `must be one whose rows have tags: ${paths.join(', ')}`, 'enum');
  }

  /**
   * A name may tell of a client: everybody sees the tags of rows that they may see, and those that are on no row at
   * all. One condition, whatever the number of tags; none for who sees every row.
   */
  protected override restrictions(): Clause[] {
    const services = this.taggables();
    if (services.every(one => one.visible().length === 0)) return super.restrictions();
    const seen = services.map(service => {
      const { spec } = service;
      const { sql, values } = allOf(whereSeen(`${spec.name}_id`, service));
      return { sql: `tags.id IN (SELECT tag_id FROM ${tagTable(spec)} WHERE ${sql})`, values };
    });
    const used = services.map(({ spec }) => `tags.id NOT IN (SELECT tag_id FROM ${tagTable(spec)})`);
    const sql = `(${seen.map(one => one.sql).join(' OR ')} OR (${used.join(' AND ')}))`;
    return [...super.restrictions(), { sql, values: seen.flatMap(one => one.values) }];
  }

  /** Renaming or deleting touches the rows of every client; rows make tags by naming them. */
  protected override async requireWriter(before?: Tag): Promise<void> {
    await super.requireWriter(before);
    if (before && currentActor().client_access !== 'all')
      throw new AuthorizationError('Tags are changed and deleted by those who see every client');
  }

  private taggables(): AnyResourceService[] {
    return allResources().flatMap(spec => (spec.taggable ? (this.kit.registry.of(spec.type) ?? []) : []));
  }

  protected override async completeViews(rows: Tag[]): Promise<View<Tag>[]> {
    const counts = await this.counts(rows.map(one => one.id));
    return (await super.completeViews(rows)).map(one => ({ ...one, usage_count: counts.get(one.id) ?? 0 }));
  }

  /** On how many rows that the actor may see each tag is: one query for all resources. */
  private async counts(ids: string[]): Promise<Map<string, number>> {
    const told = this.taggables().filter(one => reaches(currentActor(), one.spec.path));
    const clauses = told.map(service => this.countIn(service, ids));
    if (clauses.length === 0 || ids.length === 0) return new Map();
    const text =
      `SELECT tag_id, SUM(n) AS total FROM (${clauses.map(one => one.sql).join(' UNION ALL ')}) counted ` +
      `GROUP BY tag_id`;
    const values = clauses.flatMap(one => one.values);
    const found = await this.kit.units.sql.scan<{ tag_id: string; total: number }>(text, values);
    return new Map(found.map(({ tag_id, total }) => [tag_id, Number(total)]));
  }

  private countIn(service: AnyResourceService, ids: string[]): Clause {
    const { spec } = service;
    const named = { sql: `tag_id IN (${placeholders(ids.length)})`, values: ids };
    const { sql, values } = allOf([named, ...whereSeen(`${spec.name}_id`, service)]);
    return {
      sql: `SELECT tag_id, COUNT(*) AS n FROM ${tagTable(spec)} WHERE ${sql} GROUP BY tag_id`,
      values,
    };
  }
}
