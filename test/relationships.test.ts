import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { type Body, type Shown, startApp, type TestApp } from './app.js';
import { entriesOf } from './harness/journal.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const service = (given: Body = {}) => t.make('services', given);
const services = async (count: number, given: Body = {}): Promise<Shown[]> => {
  const items = await Promise.all(Array.from({ length: count }, () => t.body('services', given)));
  const { body } = await t.http('POST', '/api/services/bulk', { body: { items } });
  return (body.results as { id: string }[]).map(({ id }) => ({ id }) as Shown);
};
const relate = (from: { id: string }, to: { id: string }, type = 'depends_on', token?: string) =>
  t.http('POST', '/api/service-relationships', {
    token,
    body: { from_service_id: from.id, to_service_id: to.id, relationship_type: type },
  });
const impact = async (of: { id: string }, query: Record<string, number> = {}, token?: string) => {
  const answer = await t.http('GET', `/api/services/${of.id}/impact`, { query, token });
  expect([answer.status, answer.text]).toEqual([200, answer.text]);
  return answer.body as unknown as {
    items: { id: string; path_length: number }[];
    total: number;
    truncated: boolean;
  };
};
const lengths = async (...asked: Parameters<typeof impact>) =>
  Object.fromEntries((await impact(...asked)).items.map(one => [one.id, one.path_length]));

describe('service relationships', () => {
  test('are one of each type between two services, and none of one to itself', async () => {
    const [a, b] = [await service(), await service()];
    expect((await relate(a, b)).status).toBe(201);
    expect((await relate(a, b, 'monitors')).status).toBe(201);
    const again = await relate(a, b);
    expect([again.status, again.body.code]).toEqual([409, 'conflict']);
    const self = await relate(a, a, 'monitors');
    expect([self.status, self.body.details.field]).toEqual([422, 'to_service_id']);
  });

  test('close no circle where it would make no sense', async () => {
    const [a, b, c] = [await service(), await service(), await service()];
    const status = async (...asked: Parameters<typeof relate>) => (await relate(...asked)).status;
    expect(await status(a, b, 'depends_on')).toBe(201);
    expect(await status(b, c, 'hosted_on')).toBe(201);
    // The other way about: a is needed by c.
    expect(await status(a, c, 'backend_for')).toBe(409);
    expect(await status(c, a, 'backend_for')).toBe(201);
    expect(await status(c, a, 'depends_on')).toBe(409);
    // A login page stands behind the proxy that asks it.
    expect([await status(a, b, 'proxied_by'), await status(b, a, 'authenticates_via')]).toEqual([201, 201]);
    expect([await status(b, a, 'proxied_by'), await status(a, b, 'authenticates_via')]).toEqual([409, 409]);
    expect([await status(a, b, 'monitors'), await status(b, a, 'monitors')]).toEqual([201, 201]);
  });

  test('are turned round, but not into a circle', async () => {
    const [a, b, c] = [await service(), await service(), await service()];
    const { body } = await relate(a, b);
    const turn = { from_service_id: b.id, to_service_id: a.id };
    const update = (changes: Body) =>
      t.http('PATCH', `/api/service-relationships/${body.id}`, { body: changes });
    expect((await update({ notes: 'as it is' })).status).toBe(200);
    expect((await update(turn)).status).toBe(200);
    await relate(a, c);
    expect((await relate(c, b, 'monitors')).status).toBe(201);
    expect((await relate(c, b)).status).toBe(409);
    expect((await update({ from_service_id: a.id, to_service_id: b.id })).status).toBe(200);
  });

  test('are of services that close no circle together, however many come at once', async () => {
    for (let round = 0; round < 3; round++) {
      const ring = await services(10);
      const next = (n: number) => ring[(n + 1) % ring.length] as Shown;
      const answers = await Promise.all(ring.map((one, n) => relate(one, next(n))));
      const statuses = answers.map(one => one.status).sort();
      expect(statuses).toEqual([...Array<number>(9).fill(201), 409]);
    }
    const [a, b] = await services(2);
    const items = [[a, b], [b, a]].map(([from, to]) => ({ from_service_id: from?.id, to_service_id: to?.id, relationship_type: 'depends_on' })); // prettier-ignore
    const bulk = await t.http('POST', '/api/service-relationships/bulk', { body: { items } });
    expect(bulk.body.results.map(one => one.status)).toEqual([201, 409]);
  });

  test('are seen by those who see both services, and go with either', async () => {
    const client_id = (await t.make('clients')).id;
    const [own, shared] = [await service({ client_id }), await service({ client_id: null })];
    const only = await t.user({ client_access: 'only', client_ids: [client_id] });
    const { body } = await relate(own, shared);
    expect(body.client_id).toBe(client_id);
    const path = `/api/service-relationships/${body.id}`;
    expect((await t.http('GET', path, { token: only.token })).status).toBe(404);
    expect((await relate(own, shared, 'monitors', only.token)).body.details.field).toBe('to_service_id');
    const moved = await t.http('PATCH', `/api/services/${shared.id}`, {
      body: { client_id: await t.client() },
    });
    expect([moved.status, moved.body.details.field]).toEqual([422, 'client_id']);
    expect((await t.http('DELETE', `/api/services/${shared.id}`)).status).toBe(204);
    expect((await t.http('GET', path)).status).toBe(404);
    const actions = (await entriesOf(t, body.id)).map(one => one.action);
    expect(actions).toEqual(['service_relationship.create', 'service_relationship.delete']);
  });
});

describe('the impact of a service', () => {
  test('is what depends on it by any type but monitors, with the shortest path', async () => {
    const [base, a, b, c, watcher] = await services(5);
    await relate(a!, base!, 'hosted_on');
    await relate(a!, b!, 'backend_for');
    await relate(c!, b!, 'authenticates_via');
    await relate(c!, base!, 'proxied_by');
    await relate(watcher!, base!, 'monitors');
    expect(await lengths(base!)).toEqual({ [a!.id]: 1, [c!.id]: 1, [b!.id]: 2 });
    expect(await lengths(c!)).toEqual({});
    const second = await impact(base!, { skip: 1, limit: 1 });
    expect([second.items.length, second.total, second.truncated]).toEqual([1, 3, false]);
    for (const query of ['limit=0', 'limit=1001', 'skip=-1', 'skip=x'])
      expect((await t.http('GET', `/api/services/${base!.id}/impact?${query}`)).status).toBe(422);
  });

  test('leads through what the caller does not see, and does not name it', async () => {
    const client_id = (await t.make('clients')).id;
    const [base, end] = [await service({ client_id }), await service({ client_id })];
    const middle = await service({ client_id: null });
    await relate(end, middle);
    await relate(middle, base);
    const only = await t.user({ client_access: 'only', client_ids: [client_id] });
    expect(await lengths(base, {}, only.token)).toEqual({ [end.id]: 2 });
    expect((await impact(base, {}, only.token)).total).toBe(1);
    const other = await t.user({ client_access: 'except', client_ids: [client_id] });
    const hidden = await t.http('GET', `/api/services/${base.id}/impact`, { token: other.token });
    expect(hidden.status).toBe(404);
  });

  test('is that of walking the graph node by node', async () => {
    const nodes = (await services(8)).map(one => one.id);
    const TYPES = ['depends_on', 'backend_for', 'monitors', 'proxied_by'];
    const edge = fc
      .tuple(fc.nat(7), fc.nat(7), fc.constantFrom(...TYPES))
      .filter(([from, to]) => from !== to);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(edge, { maxLength: 14, selector: String }), async edges => {
        // Past the rules: also graphs with circles have an answer.
        await t.change('DELETE FROM service_relationships');
        await insertRelationships(edges.map(([from, to, type]) => [nodes[from]!, nodes[to]!, type]));
        const expected = new Map<number, number>();
        for (let at = [0], length = 1; at.length > 0; length++) {
          const next = edges.flatMap(([from, to, type]) => {
            if (type === 'monitors') return [];
            const [dependent, needed] = type === 'backend_for' ? [to, from] : [from, to];
            return at.includes(needed) ? [dependent] : [];
          });
          at = [...new Set(next)].filter(one => one !== 0 && !expected.has(one));
          for (const one of at) expected.set(one, length);
        }
        const found = await lengths({ id: nodes[0]! });
        expect(found).toEqual(Object.fromEntries([...expected].map(([n, length]) => [nodes[n], length])));
      }),
      { numRuns: 25 },
    );
  });
});

/** Past the API, in statements of a thousand rows. */
async function insert(table: string, rows: Body[]): Promise<void> {
  const names = Object.keys(rows[0] ?? {});
  for (let from = 0; from < rows.length; from += 1000) {
    const part = rows.slice(from, from + 1000);
    const line = `(${names.map(() => '?').join(', ')})`;
    await t.change(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES ${part.map(() => line).join(', ')}`,
      part.flatMap(row => names.map(name => row[name] as string | number | null)),
    );
  }
}
const frame = () => ({ id: uuidv7(), version: 1, created_at: '2026-01-01 00:00:00.000', updated_at: '2026-01-01 00:00:00.000' }); // prettier-ignore
const insertRelationships = (edges: [string, string, string][]) =>
  insert(
    'service_relationships',
    edges.map(([from_service_id, to_service_id, relationship_type]) => ({
      ...frame(),
      from_service_id,
      to_service_id,
      relationship_type,
    })),
  );

describe('the impact of one service', () => {
  const COUNT = 10_000;

  test('on ten thousand is told, deep and wide', async () => {
    const rows = Array.from({ length: COUNT + 1 }, (_, n) => ({ ...frame(), name: `s${n}`, protocol: 'tcp', status: 'running' })); // prettier-ignore
    await insert('services', rows);
    const ids = rows.map(one => one.id);
    await insertRelationships(ids.slice(1).map((id, n) => [id, ids[n]!, 'depends_on']));
    const base = { id: ids[0]! };
    const deep = await impact(base, { skip: COUNT - 1 });
    expect([deep.total, deep.items]).toMatchObject([COUNT, [{ id: ids[COUNT], path_length: COUNT }]]);
    expect((await relate(base, { id: ids[COUNT]! })).status).toBe(409);
    await t.change('DELETE FROM service_relationships');
    await insertRelationships(ids.slice(1).map(id => [id, base.id, 'depends_on']));
    const wide = await impact(base, { limit: 1000 });
    expect([wide.total, wide.items.length, wide.items.at(-1)?.path_length]).toEqual([COUNT, 1000, 1]);
  });
});
