import { randomUUID } from 'node:crypto';
import { startApp, type TestApp } from './app.js';
import type { Parameter } from './harness/all-resources.js';
import { everyRoute, type Route } from './harness/every-route.js';

let t: TestApp;
let routes: Route[];
beforeAll(async () => {
  t = await startApp();
  routes = (await everyRoute(t)).routes.filter(one => one.method === 'GET' && queryOf(one).length > 0);
}, 60_000);
afterAll(() => t.close());

const queryOf = (route: Route) => route.operation.parameters?.filter(one => one.in === 'query') ?? [];

interface Schema {
  type?: string;
  format?: string;
  enum?: unknown[];
  default?: unknown;
  examples?: unknown[];
  minimum?: number;
  items?: Schema;
}

const OF_FORMATS: Record<string, () => string> = {
  uuid: randomUUID,
  date: () => '2026-01-31',
  'date-time': () => '2026-01-31T08:00:00Z',
};

/** A value as the document describes it. */
function valueOf({ type, format = '', items, minimum, ...schema }: Schema, name: string): string {
  const given = schema.default ?? schema.examples?.[0] ?? schema.enum?.[0];
  if (given !== undefined) return String(given);
  if (items) return valueOf(items, name);
  if (type === 'boolean') return 'true';
  if (type === 'integer' || type === 'number') return String(minimum ?? 1);
  return OF_FORMATS[format]?.() ?? (['fields', 'omit'].includes(name) ? 'id' : 'a');
}

/** What a route does not know of its own parameters. */
async function unknownOf(route: Route, parameters: Parameter[]): Promise<string[]> {
  const query = Object.fromEntries(
    parameters
      .filter(one => one.schema?.type !== 'object')
      .map(one => [
        one.name,
        String((one as { example?: unknown }).example ?? valueOf(one.schema as Schema, one.name)),
      ]),
  );
  const { status, body } = await t.http('GET', route.url, { query });
  if (status >= 500) return [`${route.name}: ${status}`];
  const faults = status === 422 ? (body.details.errors ?? []) : [];
  return faults.filter(one => one.rule === 'unknown').map(one => `${route.name}: ${one.field}`);
}

/** What a list takes instead of another one of them. */
const INSTEAD = ['cursor', 'omit'];

test('every route knows the parameters that the document names', async () => {
  const unknown: string[] = [];
  for (const route of routes) {
    const all = queryOf(route);
    unknown.push(
      ...(await unknownOf(
        route,
        all.filter(one => !INSTEAD.includes(one.name)),
      )),
    );
    unknown.push(
      ...(await unknownOf(
        route,
        all.filter(one => INSTEAD.includes(one.name)),
      )),
    );
  }
  expect(routes.length).toBeGreaterThan(150);
  expect(unknown).toEqual([]);
}, 60_000);
