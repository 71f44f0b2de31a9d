import type { INestApplicationContext } from '@nestjs/common';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { validateBody } from '../../core/http/pipes/body.pipe.js';
import { allResources, type ResourceSpec } from '../../core/resource/resource.js';
import { AbstractResourceService, type Body } from '../../core/resource/resource.service.js';
import { ResourceRegistry } from '../../core/resource/resource-registry.js';
import type { ResourceEntity } from '../../core/resource/resource.js';
import { Rows } from '../../core/table/rows.js';
import type { DemoRow } from './seed-row.js';

export interface SeedCount {
  /** Path of the resource. */
  resource: string;
  created: number;
  there: number;
}

/** Makes rows through the services, each once: a row with the same key is left as it is. */
export class Seeder {
  private readonly ids = new Map<string, string>();

  private constructor(
    private readonly rows: Rows,
    private readonly registry: ResourceRegistry,
  ) {}

  static of(app: INestApplicationContext): Seeder {
    return new Seeder(app.get(Rows), app.get(ResourceRegistry));
  }

  async seed(all: DemoRow[], progress: (done: number, total: number) => void): Promise<SeedCount[]> {
    const counts = new Map<string, SeedCount>();
    for (const [index, row] of all.entries()) {
      const count = counts.get(row.path) ?? { resource: row.path, created: 0, there: 0 };
      counts.set(row.path, count);
      count[await this.ensure(row)] += 1;
      progress(index + 1, all.length);
    }
    return [...counts.values()];
  }

  private async ensure({ path, label, key, body }: DemoRow): Promise<'created' | 'there'> {
    const spec = allResources().find(one => one.path === path);
    const service = spec && this.registry.of(spec.type);
    if (!spec || !(service instanceof AbstractResourceService))
      throw new Error(`There is no resource ${path}`);
    const fields = this.resolved(body());
    const where = Object.fromEntries(key.map(name => [name, fields[name] ?? null]));
    const found = await this.rows.findOne<ResourceEntity>(spec.type as new () => ResourceEntity, where);
    const id =
      found?.id ?? (await this.create(spec, service as AbstractResourceService<ResourceEntity>, fields));
    this.ids.set(label, id);
    return found ? 'there' : 'created';
  }

  private async create(
    spec: ResourceSpec,
    service: AbstractResourceService<ResourceEntity>,
    fields: Body,
  ): Promise<string> {
    const body = await validateBody(bodiesOf(spec).create, fields);
    return (await service.create({ ...body })).id;
  }

  /** `@label` stands for the id of the row with that label. */
  private resolved(fields: Body): Body {
    return Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === 'string' && value.startsWith('@') ? this.idOf(value.slice(1)) : value,
      ]),
    );
  }

  private idOf(label: string): string {
    const id = this.ids.get(label);
    if (!id) throw new Error(`The demo refers to ${label} before it is made`);
    return id;
  }
}
