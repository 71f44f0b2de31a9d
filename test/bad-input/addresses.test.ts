import { startApp, type TestApp } from '../app.js';
import { MARK } from '../harness/bad-values.js';
import { checksums } from '../harness/checksums.js';
import { everyRoute, oneOfEachKind, type Route, send } from '../harness/every-route.js';

let t: TestApp;
let routes: Route[];
let before: Record<string, string>;
beforeAll(async () => {
  t = await startApp();
  ({ routes } = await everyRoute(t));
  before = await checksums(t, ['users', 'logins']);
});
afterAll(() => t.close());

/** One uniform route of each kind: for what is decided before any route. */
const uniform = () => oneOfEachKind(routes).filter(one => one.uniform);
const cursor = (...values: unknown[]) => Buffer.from(JSON.stringify(values)).toString('base64url');
const isUuid = (route: Route, name: string) =>
  route.operation.parameters?.some(
    one => one.name === name && one.in === 'path' && one.schema?.format === 'uuid',
  );

it.each([
  'not-a-uuid',
  '0',
  '%20',
  "'",
  '01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c1',
  '..%2f..%2fetc%2fpasswd',
  MARK,
  '%F0%9F%98%80',
  '%00',
])('refuses the id %s', async bad => {
  const faults: string[] = [];
  // That a route looks at its ids is its own declaration; what it says to each of these is not.
  for (const route of bad === MARK ? routes : uniform())
    for (const [, name = ''] of route.path.matchAll(/\{([^}]+)\}/g)) {
      if (!isUuid(route, name)) continue;
      const url = urlWith(route, name, bad);
      const body = ['POST', 'PUT', 'PATCH'].includes(route.method) ? {} : undefined;
      const { status } = await send(t, route, name, { body }, faults, url);
      if (status !== 422) faults.push(`${route.name}: ${status}`);
    }
  expect(faults).toEqual([]);
});

it.each(['%zz', '%', '%c3%28', '%ff', 'x'.repeat(700), '%u0041'])('refuses the path part %s', async bad => {
  const faults: string[] = [];
  for (const route of uniform())
    for (const [, name = ''] of route.path.matchAll(/\{([^}]+)\}/g))
      if (isUuid(route, name)) await send(t, route, bad, {}, faults, urlWith(route, name, bad));
  expect(faults).toEqual([]);
});

function urlWith(route: Route, name: string, value: string): string {
  const parts = route.path.split('/');
  return route.url.split('/').map((part, at) => (parts[at] === `{${name}}` ? value : part)).join('/'); // prettier-ignore
}

const lists = () =>
  routes.filter(one => one.method === 'GET' && one.operation.parameters?.some(p => p.name === 'cursor'));

/** What depends on the fields that a resource declares (and `lists.test.ts`, on what it claims of them). */
const OF_FIELDS = ['sort=password_hash', '__proto__=1', `id=${MARK}`, 'version=x'];

/** What every list reads alike. */
const OF_LISTS = [
  'cursor=x', 'cursor=%ff%fe', 'cursor=', `cursor=${'A'.repeat(5000)}`, `cursor=${cursor('-id')}`, `cursor=${cursor('id', 'x')}`,
  `cursor=${cursor('-id', { a: 1 })}`, `cursor=${cursor('-id', ['x'])}`, `cursor=${cursor('-id', null)}`, `cursor=${cursor('-id', 5)}`,
  `cursor=${cursor('-id', true)}`, `sort=created_at&cursor=${cursor('created_at,id', 'not a time', 'x')}`, `cursor=${cursor('-id', 'x', 'y')}`,
  'limit=1e3', 'limit=0x10', 'limit=-1', 'limit=', 'limit=99999999999999999999', 'limit=NaN', 'limit[]=1', 'skip=1.5', 'skip=',
  'sort=id;drop', 'sort=__proto__', 'fields=__proto__', '__proto__[x]=1', 'constructor=1', 'prototype=1', 'hasOwnProperty=1', 'id=1', 'id__in=',
  'created_at__gt=2026-02-30T00:00:00Z', 'count=1', '%00=1', 'id=%00', `id__in=${'x,'.repeat(2000)}`,
  'created_at__gt=2026-01-31&created_at__gt=2026-02-01', 'fields=constructor', 'omit=toString', 'toString=1', 'id__in=a,b', 'id__gt=1',
  'created_at=yesterday', 'created_at__isnull=maybe', 'updated_at__startswith=2026', 'archived=1', 'no_such=1',
]; // prettier-ignore

async function refuse(query: string, of: Route[]): Promise<void> {
  const faults: string[] = [];
  expect(of.length).toBeGreaterThan(1);
  for (const route of of) {
    const { status } = await send(t, route, query.slice(0, 80), {}, faults, `${route.url}?${query}`);
    if (status !== 422) faults.push(`${route.name}: ${status}`);
  }
  expect(faults).toEqual([]);
}

it.each(OF_FIELDS)('refuses the query %s on every list', query => refuse(query, lists()));
it.each(OF_LISTS)('refuses the query %s', query => refuse(query, oneOfEachKind(lists())));

it('bears long and repeated queries', async () => {
  const queries = [
    `q=${'ä'.repeat(8000)}`,
    'limit=1&'.repeat(2000),
    `id=${'0'.repeat(100_000)}`,
    'a=1&'.repeat(5000),
  ];
  const faults: string[] = [];
  for (const route of oneOfEachKind(lists()))
    for (const query of queries) {
      const { status } = await t.http('GET', `${route.url}?${query}`);
      if (status >= 500) faults.push(`${route.name}, ${query.slice(0, 20)}: ${status}`);
    }
  expect(faults).toEqual([]);
});

it('answers whatever Accept, If-Match and If-None-Match say', async () => {
  const odd = [
    '',
    '*/*',
    'garbage',
    'text/csv;q=0',
    'application/xml',
    ',,,',
    'a/'.repeat(4000),
    '"',
    'W/"1"',
    '\u00ff',
  ];
  const faults: string[] = [];
  const names = ['accept', 'if-none-match', 'accept-language', 'x-request-id', 'range'];
  for (const route of oneOfEachKind(routes).filter(one => one.method === 'GET'))
    for (const value of odd)
      for (const some of route.uniform ? names.map(name => [name]) : [names]) {
        const headers = Object.fromEntries(some.map(name => [name, value]));
        const { status } = await t.http('GET', route.url, { headers });
        if (status >= 500) faults.push(`${route.name}, ${some.join()}: ${value.slice(0, 20)}: ${status}`);
      }
  expect(faults).toEqual([]);
});

it('refuses odd tokens', async () => {
  const odd = [
    '',
    'x',
    'Bearer',
    'Bearer ',
    'Basic YTpi',
    `Bearer ${MARK}`,
    `Bearer ${'a.'.repeat(5000)}`,
    'Bearer a.b.c',
    'Bearer okt_x_y_z',
    `Bearer ${t.admin.token}x`,
  ];
  const faults: string[] = [];
  for (const route of oneOfEachKind(routes).filter(one => one.operation['x-required-scope']))
    for (const authorization of route.uniform ? odd : odd.slice(-2)) {
      const { status, headers } = await send(
        t,
        route,
        authorization.slice(0, 30),
        { token: null, headers: { authorization } },
        faults,
      );
      if (status !== 401 || !headers['www-authenticate']?.startsWith('Bearer'))
        faults.push(`${route.name}, ${authorization.slice(0, 30)}: ${status}`);
    }
  expect(faults).toEqual([]);
});

it.each([
  '/api/no-such-thing',
  '/api',
  '/api/clients/',
  '/api/CLIENTS',
  '/%zz',
  '/api/clients/%',
  '//api/clients',
  '/api/clients/x/y/z',
  '/..%2f..',
])('tells that there is no %s', async url => {
  const answer = await t.http('GET', url);
  expect([404, 422]).toContain(answer.status);
  expect(answer.body).toMatchObject({
    code: answer.status === 404 ? 'not_found' : 'validation',
    request_id: answer.headers['x-request-id'],
  });
});

it('tells which methods a path has', async () => {
  const answer = await t.http('DELETE', '/api/clients');
  expect(answer.status).toBe(405);
  expect(answer.body.code).toBe('method_not_allowed');
  expect(answer.headers.allow?.split(', ')).toEqual(expect.arrayContaining(['GET', 'POST']));
});

// The last one. The failed log-ins of a user are counted.
it('has changed nothing by all of that', async () => {
  expect(await checksums(t, ['users', 'logins'])).toEqual(before);
});
