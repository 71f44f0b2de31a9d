import { randomUUID } from 'node:crypto';
import { startApp, type TestApp } from './app.js';
import type { Parameter } from './harness/all-resources.js';
import { everyRoute, type Route } from './harness/every-route.js';

let t: TestApp;
let every: Route[];
let routes: Route[];
beforeAll(async () => {
  t = await startApp();
  every = (await everyRoute(t)).routes;
  routes = every.filter(one => one.method === 'GET' && queryOf(one).length > 0);
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

const given = (parameters: Parameter[]) =>
  Object.fromEntries(
    parameters.map(one => [
      one.name,
      String((one as { example?: unknown }).example ?? valueOf(one.schema as Schema, one.name)),
    ]),
  );

/** What a route does not know of its own parameters. */
async function unknownOf(route: Route, parameters: Parameter[]): Promise<string[]> {
  const query = given(parameters.filter(one => one.schema?.type !== 'object'));
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

/** Outside of /api, probes may send what they like; OAuth wants what it does not know ignored (RFC 6749, 3.2). */
const IGNORING = ['GET /', 'GET /health', 'GET /health/ready', 'GET /metrics', 'POST /api/auth/token'];

/** What a route needs that no parameter of the document alone is required for. */
const NEEDED: Record<string, object> = { 'GET /api/context-snippets/by-tags': { tags: 'vpn' } };

test('no route takes a parameter that it does not know', async () => {
  const taken: string[] = [];
  for (const route of every.filter(one => !IGNORING.includes(one.name))) {
    const required = given(queryOf(route).filter(one => one.required));
    const query = { ...required, ...NEEDED[route.name], unheard_of: '1' };
    const { status, body } = await t.http(route.method, route.url, { query });
    const faults = status === 422 ? (body.details.errors ?? []) : [];
    if (!faults.some(one => one.field === 'unheard_of' && one.rule === 'unknown'))
      taken.push(`${route.name}: ${status}`);
  }
  expect(taken).toEqual([]);
}, 60_000);
