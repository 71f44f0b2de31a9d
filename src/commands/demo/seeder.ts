import type { INestApplicationContext } from '@nestjs/common';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { validateBody } from '../../core/http/pipes/body.pipe.js';
import type { ResourceSpec } from '../../core/resource/resource.js';
import type { AbstractResourceService, Body } from '../../core/resource/resource.service.js';
import { ResourceRegistry } from '../../core/resource/resource-registry.js';
import type { ResourceEntity } from '../../core/resource/resource.js';
import { Rows } from '../../core/table/rows.js';
import { Labels, resourceAt } from './labels.js';
import type { DemoRow } from './seed-row.js';

export interface SeedCount {
  /** Path of the resource. */
  resource: string;
  created: number;
  there: number;
}

/** Makes rows through the services, each once: a row with the same key is left as it is. */
export class Seeder {
  readonly labels = new Labels();

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
    const { spec, service } = resourceAt(this.registry, path);
    const fields = this.labels.resolved(body());
    const where = Object.fromEntries(key.map(name => [name, fields[name] ?? null]));
    const found = await this.rows.findOne<ResourceEntity>(spec.type as new () => ResourceEntity, where);
    const id = found?.id ?? (await this.create(spec, service, fields));
    this.labels.set(label, id);
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
}
