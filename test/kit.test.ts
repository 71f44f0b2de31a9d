import { readFileSync } from 'node:fs';
import { Injectable, Module } from '@nestjs/common';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  createTable,
  dropTables,
  reference,
  resourceColumns,
  text,
  whole,
} from '../src/core/database/ddl.js';
import { documentText } from '../src/core/document/make-document.js';
import { ApiController } from '../src/core/http/api-controller.js';
import { bodiesOf } from '../src/core/resource/bodies/bodies.js';
import { ResourceController } from '../src/core/resource/resource.controller.js';
import { ResourceService } from '../src/core/resource/resource.service.js';
import { Resource, ResourceEntity, resourceOf, via } from '../src/core/resource/resource.js';
import { BelongsTo, Moment, Text, Whole } from '../src/core/table/field-decorators.js';
import { Client } from '../src/directory/clients/client.entity.js';
import { HEADINGS } from '../src/wings.js';
import { startApp, type TestApp } from './app.js';
import type { ApiDocument } from './harness/all-resources.js';
import { entriesOf } from './harness/journal.js';

@Resource({ name: 'rack', path: 'racks', about: 'Racks.', client: 'self' })
class Rack extends ResourceEntity {
  @BelongsTo(() => Client, { onDelete: 'SET NULL', optional: true }) client_id!: string | null;
  @Text() name!: string;
  @Text({ max: 20, unique: true, assigned: true }) code!: string;
}

@Resource({
  name: 'shelf',
  path: 'shelves',
  about: 'Shelves.',
  client: via('rack_id'),
  routes: ['list', 'get', 'create'],
})
class Shelf extends ResourceEntity {
  @BelongsTo(() => Rack, { onDelete: 'CASCADE', listBy: true }) rack_id!: string;
  @Text() name!: string;
}

@Resource({ name: 'disk', path: 'disks', about: 'Disks.', client: via('shelf_id') })
class Disk extends ResourceEntity {
  @BelongsTo(() => Shelf, { onDelete: 'CASCADE', listBy: true }) shelf_id!: string;
  @BelongsTo(() => Disk, { onDelete: 'SET NULL', optional: true }) mirror_id!: string | null;
  @Whole({ default: 1, max: 10 }) size!: number;
}

@Injectable()
class RacksService extends ResourceService(Rack) {
  readonly order: string[] = [];
  codes = ['A'];

  protected override requireWriter(before?: Rack): void {
    this.order.push(`writer ${before?.name ?? '-'}`);
  }
  protected override fill(row: Rack, before?: Rack, body: Record<string, unknown> = {}): void {
    this.order.push(`fill ${row.name} ${before?.name ?? '-'}`);
    const moves = before && before.client_id !== row.client_id && body.code === undefined;
    if (!row.code || moves) row.code = this.codes.shift() ?? 'Z';
  }
  protected override check(row: Rack, before?: Rack): void {
    this.order.push(`check ${row.name} ${before?.name ?? '-'}`);
  }
  protected override after(row: Rack, before?: Rack): void {
    this.order.push(`after ${row.name} ${before?.name ?? '-'}`);
  }
}
@Injectable()
class ShelvesService extends ResourceService(Shelf) {}
@Injectable()
class DisksService extends ResourceService(Disk) {}

@ApiController('racks')
class RacksController extends ResourceController(Rack) {
  constructor(readonly service: RacksService) {
    super();
  }
}
@ApiController('shelves')
class ShelvesController extends ResourceController(Shelf) {
  constructor(readonly service: ShelvesService) {
    super();
  }
}
@ApiController('disks')
class DisksController extends ResourceController(Disk) {
  constructor(readonly service: DisksService) {
    super();
  }
}

// What does not compile: the controller of one resource over the service of another.
// @ts-expect-error A controller of disks needs the service of disks.
class Mistaken extends ResourceController(Disk) {
  constructor(readonly service: RacksService) {
    super();
  }
}

@Module({
  controllers: [RacksController, ShelvesController, DisksController],
  providers: [RacksService, ShelvesService, DisksService],
})
class RacksModule {}

class Racks1999999999999 implements MigrationInterface {
  name = 'Racks1999999999999';
  async up(runner: QueryRunner): Promise<void> {
    const client = () => reference('client_id', 'clients', 'SET NULL').optional();
    await createTable(runner, 'racks', [
      ...resourceColumns(),
      client(),
      text('name'),
      text('code', 20).unique(),
    ]);
    const rack = reference('rack_id', 'racks', 'CASCADE');
    await createTable(runner, 'shelves', [...resourceColumns(), rack, client(), text('name')]);
    const shelf = reference('shelf_id', 'shelves', 'CASCADE');
    const mirror = reference('mirror_id', 'disks', 'SET NULL').optional();
    await createTable(runner, 'disks', [...resourceColumns(), shelf, mirror, client(), whole('size')]);
  }
  down(runner: QueryRunner): Promise<void> {
    return dropTables(runner, 'disks', 'shelves', 'racks');
  }
}

let t: TestApp;
let racks: RacksService;
beforeAll(async () => {
  t = await startApp({ modules: [RacksModule], migrations: [Racks1999999999999] });
  racks = t.app.get(RacksService, { strict: false });
});
afterAll(() => t.close());

const post = async (path: string, body: object) => {
  const answer = await t.http('POST', `/api/${path}`, { body: body as Record<string, unknown> });
  expect([answer.status, answer.text]).toEqual([201, answer.text]);
  return answer.body;
};
const rackOf = (client_id: string | null, code: string) =>
  post('racks', { client_id, name: `rack ${code}`, code });

test('the controller of one resource does not take the service of another', () => {
  expect(Mistaken).toBeDefined();
});

test('hooks run in one order for create and update', async () => {
  racks.order.length = 0;
  const { id } = await rackOf(null, 'hooks');
  await t.http('PATCH', `/api/racks/${id}`, { body: { name: 'new' } });
  expect(racks.order).toEqual([
    'writer -', 'fill rack hooks -', 'check rack hooks -', 'after rack hooks -',
    'writer rack hooks', 'fill new rack hooks', 'check new rack hooks', 'after new rack hooks',
  ]); // prettier-ignore
});

test('what changes nothing is no new version, no entry, and runs nothing afterwards', async () => {
  const { id } = await rackOf(null, 'same');
  const entries = (await entriesOf(t, id as string)).length;
  racks.order.length = 0;
  for (const body of [{}, { name: 'rack same' }])
    expect((await t.http('PATCH', `/api/racks/${id}`, { body })).body.version).toBe(1);
  expect(racks.order.filter(one => one.startsWith('after'))).toEqual([]);
  expect(await entriesOf(t, id as string)).toHaveLength(entries);
});

test('a value that the service gives is given anew when somebody took it at the same time', async () => {
  await rackOf(null, 'B1');
  racks.codes = ['B1', 'B1', 'B2'];
  expect((await post('racks', { name: 'second' })).code).toBe('B2');
  const taken = await t.http('POST', '/api/racks', { body: { name: 'third', code: 'B1' } });
  expect([taken.status, taken.body.details.field]).toEqual([409, 'code']);
});

test('so is one that an update gives; what an update brings or keeps is a conflict at once', async () => {
  const { id } = await rackOf(null, 'C0');
  await rackOf(null, 'C1');
  racks.codes = ['C1', 'C1', 'C2'];
  const moved = await t.http('PATCH', `/api/racks/${id}`, { body: { client_id: await t.client() } });
  expect([moved.status, moved.body.code, moved.body.version]).toEqual([200, 'C2', 2]);
  racks.codes = ['C3'];
  racks.order.length = 0;
  const taken = await t.http('PATCH', `/api/racks/${id}`, { body: { client_id: null, code: 'C1' } });
  expect([taken.status, taken.body.error]).toEqual([409, 'Rack with this code already exists']);
  expect(racks.order.filter(one => one.startsWith('fill'))).toHaveLength(1);
});

test('a resource has the routes that it declares, and lists by its parents', async () => {
  const rack = await rackOf(null, 'routes');
  const shelf = await post('shelves', { rack_id: rack.id, name: 's' });
  for (const [method, status] of [
    ['PATCH', 405],
    ['DELETE', 405],
    ['GET', 200],
  ] as const)
    // prettier-ignore
    expect((await t.http(method, `/api/shelves/${shelf.id}`, method === 'PATCH' ? { body: {} } : {})).status).toBe(status);
  expect((await t.http('POST', '/api/shelves/bulk', { body: { items: [] } })).status).toBe(405);
  const listed = await t.http('GET', `/api/shelves/by-rack/${rack.id}`);
  expect(listed.body.items.map(one => one.id)).toEqual([shelf.id]);
  expect((await t.http('GET', `/api/disks/by-shelf/${shelf.id}`)).body.items).toEqual([]);
});

test('a further resource changes nothing in the document of the others', () => {
  const without = JSON.parse(readFileSync('openapi.json', 'utf8')) as ApiDocument;
  const { paths, components } = JSON.parse(documentText(t.app, HEADINGS)) as ApiDocument;
  expect(Object.keys(components.parameters)).toContain('code__ne');
  const changed = (before: object, after: object) => {
    const texts = new Map(Object.entries(after).map(([name, one]) => [name, JSON.stringify(one)]));
    return Object.entries(before).flatMap(([name, one]) =>
      JSON.stringify(one) === texts.get(name) ? [] : [name],
    );
  };
  // But for what becomes of racks when their client is deleted.
  const removal = [paths, without.paths].map(
    one => one['/api/clients/{id}']?.delete as { description?: string },
  );
  expect(removal[0]?.description).toContain('racks');
  for (const one of removal) delete one.description;
  expect(changed(without.paths, paths)).toEqual([]);
  expect(changed(without.components.parameters, components.parameters)).toEqual([]);
  expect(changed(without.components.schemas, components.schemas)).toEqual([]);
});

describe('a row that takes its client from its parent', () => {
  test('cannot choose another one', async () => {
    const rack = await rackOf(await t.client(), 'own');
    const other = (await t.make('clients')).id;
    const { status } = await t.http('POST', '/api/shelves', {
      body: { rack_id: rack.id, name: 's', client_id: other },
    });
    expect(status).toBe(422);
    expect((await post('shelves', { rack_id: rack.id, name: 's' })).client_id).toBe(await t.client());
  });

  test('moves with it, grandchildren too, each with an entry, an event and a new version', async () => {
    const [from, to] = [(await t.make('clients')).id, (await t.make('clients')).id];
    const rack = await rackOf(from, 'moving');
    const shelf = await post('shelves', { rack_id: rack.id, name: 's' });
    const first = await post('disks', { shelf_id: shelf.id });
    const disk = await post('disks', { shelf_id: shelf.id, mirror_id: first.id });
    const { status } = await t.http('PATCH', `/api/racks/${rack.id}`, { body: { client_id: to } });
    expect(status).toBe(200);
    for (const [path, id, name] of [
      ['shelves', shelf.id, 'shelf'],
      ['disks', disk.id, 'disk'],
    ] as const) {
      // prettier-ignore
      expect((await t.http('GET', `/api/${path}/${id}`)).body).toMatchObject({ client_id: to, version: 2 });
      const moves = (await entriesOf(t, id as string)).filter(one => one.action === `${name}.update`);
      expect(moves).toMatchObject([{ client_id: to, changes: { client_id: [from, to] } }]);
    }
    const seen = await t.user({ client_access: 'only', client_ids: [from] });
    expect((await t.http('GET', `/api/disks/${disk.id}`, { token: seen.token })).status).toBe(404);
  });

  test('does not lose it: what would stay behind keeps the client', async () => {
    const client = (await t.make('clients')).id;
    const rack = await rackOf(client, 'left');
    const shelf = await post('shelves', { rack_id: rack.id, name: 's' });
    const refused = await t.http('DELETE', `/api/clients/${client}`);
    expect([refused.status, refused.body.details.left_behind]).toEqual([409, ['racks']]);
    expect((await t.http('GET', `/api/shelves/${shelf.id}`)).body).toMatchObject({
      client_id: client,
      version: 1,
    });
  });
});

describe('a declaration does not start', () => {
  const declare = (type: new () => ResourceEntity, options: Parameters<typeof Resource>[0]) => () =>
    Resource(options)(type);
  const names = { name: 'thing', path: 'things', about: 'Things.' };

  test('that has a client and no client_id', () => {
    class Thing extends ResourceEntity {}
    expect(declare(Thing, { ...names, client: 'self' })).toThrow("says client: 'self' and has no client_id");
  });

  test('that takes its client from a field that it does not have', () => {
    class Thing extends ResourceEntity {}
    expect(declare(Thing, { ...names, client: via('rack_id') })).toThrow('has no rack_id');
  });

  test('that is archivable and declares the field of that itself', () => {
    class Thing extends ResourceEntity {
      @Moment({ optional: true }) archived_at!: string | null;
    }
    expect(declare(Thing, { ...names, client: 'none', archivable: true })).toThrow('declares another');
    class Other extends ResourceEntity {}
    declare(Other, { ...names, client: 'none', archivable: true })();
    expect(resourceOf(Other).byName.get('archived_at')).toMatchObject({ nullable: true, index: true });
  });

  test('whose default breaks its own rule', () => {
    class Wrong extends ResourceEntity {
      @Whole({ default: 11, max: 10 }) size!: number;
    }
    Resource({ ...names, client: 'none' })(Wrong);
    expect(() => bodiesOf(resourceOf(Wrong))).toThrow('The default of Wrong.size breaks its own rules: max');
  });
});
