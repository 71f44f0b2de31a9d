import { Refusals } from '../../src/core/audit/refusals.js';
import { EventBus } from '../../src/core/events/events.js';
import { SCOPES, type Scope } from '../../src/core/context/actor.js';
import { type Answer, startApp, type TestApp } from '../app.js';
import { RESOURCES } from '../harness/all-resources.js';
import { checksums } from '../harness/checksums.js';
import { everyRoute, faultOf, type Route } from '../harness/every-route.js';
import { isWhole } from '../harness/proof-size.js';
import { narrowTokens, uselessTokens, withoutScopes } from '../harness/refused-callers.js';

jest.setTimeout(240_000);

/** Who adds a route for everybody adds it here; a token, good or bad, makes no difference there. */
const FOR_EVERYBODY = [
  'POST /api/auth/login',
  'POST /api/auth/refresh',
  'POST /api/auth/token',
  'POST /api/shares/redeem',
];
/** What a login may do with itself, whatever its scopes; an access token may not, but for the first. */
const ABOUT_ONESELF = [
  'GET /api/auth/me',
  'POST /api/auth/change-password',
  'POST /api/auth/logout',
  'POST /api/auth/logout-all',
  'POST /api/auth/totp/confirm',
  'POST /api/auth/totp/disable',
  'POST /api/auth/totp/enroll',
];

let t: TestApp;
let routes: Route[];
let announced = 0;
const ACROSS = ['GET /api/search'];
const scopeOf = ({ operation }: Route) => operation['x-required-scope'] as Scope | undefined;
const isOpen = ({ name }: Route) => FOR_EVERYBODY.includes(name);

beforeAll(async () => {
  t = await startApp({ settings: { REFUSED_REVEAL_LIMIT: '0', MASS_REVEAL_LIMIT: '0' } });
  ({ routes } = await everyRoute(t));
  t.app.get(EventBus).on('audit.refused', () => void announced++);
});
afterAll(() => t.close());

interface Case {
  name: string;
  token: string | null;
  routes: Route[];
  status: number;
  /** What is wrong with an answer beside its shape and status. */
  check?: (answer: Answer, route: Route) => unknown;
}

/** 401 is told of all routes at once. */
const toldOf = (status: number, { operation }: Route) =>
  (status === 401 ? 'default' : String(status)) in operation.responses;

/** Asks all of them, with bodies that say nothing: guards come before these. */
async function faultsOf(cases: Case[]): Promise<string[]> {
  const faults: string[] = [];
  for (const { name, token, routes: asked, status, check = () => undefined } of cases)
    for (const route of asked) {
      const body = ['POST', 'PUT', 'PATCH'].includes(route.method) ? {} : undefined;
      const answer = await t.http(route.method, route.url, { token, body });
      const fault =
        faultOf(answer, route.url) ??
        (answer.status === status ? undefined : `answered ${answer.status}`) ??
        (toldOf(status, route) ? undefined : `the document tells of no ${status}`) ??
        check(answer, route);
      if (fault) faults.push(`${route.name}, ${name}: ${String(fault)}`);
    }
  return faults;
}

/** Each is refused, the trail is told of each, and nothing else is written. */
async function expectRefusals(cases: Case[]): Promise<void> {
  // When an access token was last used stands in its row.
  const before = await checksums(t, ['access_tokens']);
  announced = 0;
  expect(await faultsOf(cases)).toEqual([]);
  expect(announced).toBe(cases.reduce((sum, one) => sum + one.routes.length, 0));
  await t.app.get(Refusals).flush();
  expect(await checksums(t, ['access_tokens'])).toEqual(before);
}

const entries = async (where: string, values: string[] = []) =>
  (
    await t.sql<{ details: string }>(
      `SELECT details FROM journal WHERE outcome = 'refused' AND ${where} ORDER BY n`,
      values,
    )
  ).map(one => JSON.parse(one.details) as { route?: string; routes?: string[]; count?: number });

test('every operation has its place', () => {
  const open = routes.filter(one => one.operation.security?.length === 0);
  expect(open.map(one => one.name).sort()).toEqual(FOR_EVERYBODY);
  const unscoped = routes.filter(one => !scopeOf(one) && !isOpen(one));
  expect(unscoped.map(one => one.name).sort()).toEqual([...ABOUT_ONESELF].sort());
  expect(routes.filter(one => scopeOf(one) && !SCOPES.includes(scopeOf(one) as Scope))).toEqual([]);
});

test('uniform routes ask for the scopes of their kind, or what their resource declares', () => {
  const asked = Object.fromEntries(routes.map(one => [one.name, scopeOf(one)]));
  for (const [path, spec] of RESOURCES) {
    const write = spec.writeScope ?? 'msp:write';
    const expected: Record<string, Scope> = {
      [`GET /api/${path}`]: 'msp:read',
      [`POST /api/${path}`]: write,
      [`POST /api/${path}/bulk`]: write,
      [`GET /api/${path}/{id}`]: 'msp:read',
      [`PUT /api/${path}/{id}`]: write,
      [`PATCH /api/${path}/{id}`]: write,
      [`DELETE /api/${path}/{id}`]: spec.removeScope ?? 'msp:admin',
    };
    for (const [route, scope] of Object.entries(expected))
      expect([route, asked[route] ?? scope]).toEqual([route, scope]);
  }
});

test('nobody is let in with what is no token of a login that holds', async () => {
  const tokens = await uselessTokens(t);
  expect(tokens.size).toBeGreaterThan(15);
  const since = await entries("action = 'access.refused'");
  const asked = routes.filter(one => !isOpen(one));
  const check = ({ headers }: Answer) =>
    headers['www-authenticate'] === 'Bearer' ? undefined : 'no challenge';
  // What is wrong with a token is seen before the route: each route is asked with some of them, and each of them is tried.
  const cases = [...tokens].map(([name, token], at): Case => {
    const some = asked.filter((_, n) => isWhole || token === null || n % tokens.size === at);
    return { name, token, routes: some, status: 401, check };
  });
  await expectRefusals(cases);
  const written = (await entries("action = 'access.refused'")).slice(since.length);
  const all = cases.reduce((sum, one) => sum + one.routes.length, 0);
  expect(Math.max(...written.map(({ count = 0 }) => count))).toBe(all);
});

test('what everybody may call looks at no token', async () => {
  const told = async (token: string | null) => {
    const answers = [];
    for (const { method, url } of routes.filter(isOpen)) {
      const { status, body } = await t.http(method, url, { token, body: {} });
      answers.push([url, status, body.error, body.code, body.details]);
    }
    return answers;
  };
  const without = await told(null);
  for (const [name, token] of await uselessTokens(t))
    expect([name, await told(token)]).toEqual([name, without]);
});

test('every scope is asked for, literally and by name', async () => {
  const tokens = await withoutScopes(t);
  const cases = SCOPES.map((scope): Case => ({
    name: `without ${scope}`,
    token: tokens[scope],
    routes: routes.filter(one => scopeOf(one) === scope),
    status: 403,
    check: ({ body }) => (body.details.scope === scope ? undefined : 'does not name the scope'),
  }));
  expect(cases.flatMap(one => one.routes).length).toBe(routes.filter(scopeOf).length);
  await expectRefusals(cases);
  for (const { token, routes: refused } of cases) {
    const { id } = (await t.http('GET', '/api/auth/me', { token })).body;
    const written = await entries('actor_id = ?', [id]);
    const named = new Set(written.flatMap(({ route, routes: several = [] }) => [route, ...several]));
    const patterns = refused.map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
    expect(patterns.filter(one => !named.has(one))).toEqual([]);
  }
});

test('an access token that is for other routes reaches none', async () => {
  const [one = '', other = ''] = ['sites', 'tags'];
  const tokens = await narrowTokens(t, one, other);
  const resource = ({ path }: Route) => path.split('/')[2] ?? '';
  const narrowed = (path: string, of: Route[]): Case => ({
    name: `for ${path} alone`,
    token: tokens[path] ?? null,
    routes: of,
    status: 403,
  });
  // What is across resources answers with those of the token alone: test/search.test.ts.
  const scoped = routes.filter(one => scopeOf(one) && !ACROSS.includes(one.name));
  await expectRefusals([
    narrowed(one, scoped.filter(route => resource(route) !== one)), // prettier-ignore
    narrowed(other, scoped.filter(route => resource(route) === one)), // prettier-ignore
    narrowed(one, routes.filter(({ name }) => ABOUT_ONESELF.includes(name) && name !== 'GET /api/auth/me')), // prettier-ignore
  ]);
});
