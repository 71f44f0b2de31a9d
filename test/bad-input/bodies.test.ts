import { type Body, startApp, type TestApp } from '../app.js';
import type { ApiDocument } from '../harness/all-resources.js';
import { badValues, bodyFields, MARK, NO_OBJECTS, UNREADABLE } from '../harness/bad-values.js';
import { checksums } from '../harness/checksums.js';
import { everyRoute, oneOfEachKind, type Route, send } from '../harness/every-route.js';

let t: TestApp;
let document: ApiDocument;
let routes: Route[];
let before: Record<string, string>;
beforeAll(async () => {
  t = await startApp();
  ({ document, routes } = await everyRoute(t));
  before = await checksums(t, ['users', 'logins']);
});
afterAll(() => t.close());

const writing = () => routes.filter(one => ['POST', 'PUT', 'PATCH'].includes(one.method));
const withBody = () => writing().filter(one => bodyFields(document, one.operation));

it('covers every route', () => {
  expect(routes.length).toBeGreaterThan(50);
  expect(withBody().length).toBeGreaterThan(20);
  const some = oneOfEachKind(routes);
  expect(some.length).toBeGreaterThan(30);
  const kinds = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
  expect(kinds.filter(kind => !some.some(one => one.uniform && one.method === kind))).toEqual([]);
});

it.each(UNREADABLE)('refuses %s on every kind of route that writes', async (kind, body) => {
  const faults: string[] = [];
  for (const route of oneOfEachKind(writing())) await send(t, route, kind, { body }, faults);
  expect(faults).toEqual([]);
});

it.each(NO_OBJECTS)('refuses %s where an object belongs', async (kind, body) => {
  const faults: string[] = [];
  // That a route reads its body as an object is its own declaration: one kind for each shows it.
  for (const route of kind === 'a list' ? withBody() : oneOfEachKind(withBody())) {
    if (kind === 'nothing' && (route.operation.requestBody as { required?: boolean }).required === false)
      continue;
    await send(t, route, kind, { body }, faults);
  }
  expect(faults).toEqual([]);
});

it('refuses 2 MiB with 413', async () => {
  const faults: string[] = [];
  const body = `{"name": "${MARK}${'x'.repeat(2 * 1024 * 1024)}"}`;
  for (const route of oneOfEachKind(writing())) {
    const { status } = await send(t, route, '2 MiB', { body }, faults);
    if (status !== 413 && !route.path.includes('import')) faults.push(`${route.name}: ${status}`);
  }
  expect(faults).toEqual([]);
});

it('refuses other types of content with 415', async () => {
  const faults: string[] = [];
  const types = [
    'text/plain',
    'application/xml',
    'text/json',
    'application/x-www-form-urlencoded',
    `${MARK}/x`,
    'x',
  ];
  for (const route of oneOfEachKind(withBody()).filter(one => !one.path.includes('import')))
    for (const type of types) {
      const { status } = await send(
        t,
        route,
        type,
        { body: '{}', headers: { 'content-type': type } },
        faults,
      );
      if (status !== 415) faults.push(`${route.name}, ${type}: ${status}`);
    }
  expect(faults).toEqual([]);
});

const UNKNOWN = ['no_such_field', 'password_hash', 'isAdmin', 'constructor', 'prototype', 'toString'];

it('refuses unknown fields, by name', async () => {
  const faults: string[] = [];
  // Also where no body belongs. A form and a file are no JSON.
  const others = /\/auth\/token$|\/bulk-import\/\{resource\}$/;
  const all = routes.filter(one => one.method !== 'GET' && !others.test(one.path));
  const some = new Set(oneOfEachKind(all));
  for (const route of all)
    for (const name of some.has(route) ? UNKNOWN : UNKNOWN.slice(0, 1)) {
      const { body } = await send(t, route, name, { body: { [name]: MARK } }, faults);
      if (!body.details?.errors?.some(one => one.field === name))
        faults.push(`${route.name}: ${name} is not named`);
    }
  expect(faults).toEqual([]);
});

/** All of them where a schema is met first: whether a field has its rules is seen by two, also in an update. */
function valuesFor(seen: Set<string>, schema: Body): unknown[] {
  const { description: _d, example: _e, examples: _es, default: _de, ...rules } = schema;
  const [kind, values] = [JSON.stringify(rules), badValues(document, schema)];
  const known = seen.has(kind);
  seen.add(kind);
  return known ? values.slice(0, 2) : values;
}

it('refuses wrong types, choices, formats and lengths of every field, by name', async () => {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const route of withBody().filter(one => one.method !== 'PUT' || !one.path.endsWith('/{id}')))
    for (const [name, schema] of Object.entries(bodyFields(document, route.operation) ?? {}))
      for (const value of valuesFor(seen, schema)) {
        const kind = `${name} = ${JSON.stringify(value).slice(0, 60)}`;
        const { body } = await send(t, route, kind, { body: { [name]: value } }, faults);
        const named = body.details?.errors?.some(one => one.field.split('.')[0] === name);
        if (!named) faults.push(`${route.name}, ${kind}: ${body.code} does not name the field`);
      }
  expect(faults).toEqual([]);
});

// The last one. The failed log-ins of a user are counted.
it('has changed nothing by all of that', async () => {
  expect(await checksums(t, ['users', 'logins'])).toEqual(before);
});
