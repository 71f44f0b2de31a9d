import { randomUUID } from 'node:crypto';
import { systemActor } from '../../src/core/context/actor.js';
import { runAs } from '../../src/core/context/request-context.js';
import { clientColumn } from '../../src/core/resource/resource.js';
import { ImportJobs } from '../../src/operations/bulk-import/import-jobs.service.js';
import { type Answer, type Body, startApp, type TestApp } from '../app.js';
import { factories } from '../factories.js';
import { type ApiDocument, documentOf, type Operation, RESOURCES } from '../harness/all-resources.js';
import { bodyFields } from '../harness/bad-values.js';
import { checksums } from '../harness/checksums.js';
import { exampleOf } from '../harness/examples.js';
import { seesOnly } from '../harness/refused-callers.js';

jest.setTimeout(240_000);

/** Parameters of a path that name no row; who adds one says so here. */
const NO_ROWS = ['n', 'impact', 'status', 'resource', 'fingerprint'];
/** Rows of rows, which nobody can name without the first: the id of the path. */
const PARTS = ['share_id', 'deadline_id'];
/** When an access token was last used stands in its row. */
const USED = ['access_tokens'];
/** They make the row that the path names, and their bodies name what the row refers to. */
const UPSERTS = ['PUT /api/project-states/by-project/{id}', 'PUT /api/machines/by-fingerprint/{fingerprint}'];
/** What is called by another name than the resource that it is of. */
const NAMES: Record<string, string> = {
  ...{ asset: 'infrastructure', supersedes: 'decision-logs', parent_task: 'tasks', parent_host: 'infrastructure' },
  ...{ pattern: 'failure-patterns', source_failure: 'operation-failures', last_session: 'sessions' },
}; // prettier-ignore
/** Rows that belong to who has made them, where no client has them. */
const OWNED = ['access-tokens', 'approval-requests', 'credential-permissions', 'credentials', 'integration-credentials']; // prettier-ignore

const TRAIL = ['api-audit-log', 'credential-audit-logs', 'audit'];

let t: TestApp;
let document: ApiDocument;
/** By path: the ids of a row that the callers see, and of one that they do not. */
const own: Record<string, string> = {};
const foreign: Record<string, string> = {};
const callers: Record<string, { token: string; hidden: Record<string, string> }> = {};

beforeAll(async () => {
  t = await startApp({ settings: { REFUSED_REVEAL_LIMIT: '0', MASS_REVEAL_LIMIT: '0' } });
  document = await documentOf(t);
  own.clients = (await t.make('clients')).id;
  foreign.clients = (await t.make('clients')).id;
  /** What belongs to no client, and so to its owner. */
  const anothers: Record<string, string> = {};
  for (const [path, spec] of RESOURCES) {
    if (!factories[path] || path === 'clients') continue;
    const owned = clientColumn(spec) !== undefined;
    own[path] = (await t.make(path, owned ? { client_id: own.clients } : {})).id;
    // Words, names and fields are everybody's.
    if (spec.client === 'shared' || spec.client === 'itself') continue;
    foreign[path] = (await t.make(path, owned ? { client_id: foreign.clients } : {})).id;
    if (OWNED.includes(path)) anothers[path] = (await t.make(path, owned ? { client_id: null } : {})).id;
  }
  // Entries of the trail are seen by who sees what they are about.
  for (const rows of [own, foreign, anothers]) {
    const [entry] = await t.sql<{ id: string }>('SELECT id FROM journal WHERE resource_id = ?', [
      rows.credentials ?? '',
    ]);
    for (const log of TRAIL) rows[log] = entry?.id ?? '';
  }
  // Files that are brought in are seen by who has sent them.
  const how = {
    resource: 'sites',
    format: 'csv',
    on_conflict: 'error',
    match_key: null,
    dry_run: true,
  } as const;
  const job = await runAs(systemActor('test'), () => t.app.get(ImportJobs).begin(how));
  for (const rows of [own, foreign, anothers]) rows['bulk-import'] = job.id;
  for (const [name, token] of Object.entries(await seesOnly(t, own.clients)))
    callers[name] = { token, hidden: foreign };
  const { token } = await t.user({ scopes: ['msp:read', 'msp:write'] });
  callers['another user without a grant'] = { token, hidden: anothers };
});
afterAll(() => t.close());

interface Place {
  name: string;
  method: string;
  path: string;
  operation: Operation;
}
const places = (): Place[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );

/** The resource whose rows a parameter of a path, or a field of a body, names; undefined when nobody has said so. */
function resourceOf({ path }: Place, name: string): string | undefined {
  const [, , resource = '', part = ''] = path.split('/');
  if (['other', 'resource_id', 'id', 'ids', 'exclude_ids'].includes(name)) {
    const parent = name === 'id' ? /^by-(.+)$/.exec(part)?.[1]?.replaceAll('-', '_') : undefined;
    if (parent) return named(parent);
    return name === 'resource_id' ? 'projects' : resource;
  }
  return named(name.replace(/_ids?$/, ''));
}
const named = (single: string) => NAMES[single] ?? RESOURCES.find(([, spec]) => spec.name === single)?.[0];

/** The path with rows that the caller sees, where it sees any, but for one parameter. */
function pathWith(place: Place, parameter: string, id: string): string {
  return place.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    if (name === parameter) return id;
    if (name === 'resource') return 'projects';
    if (name === 'n') return '1';
    return own[resourceOf(place, name) ?? ''] ?? randomUUID();
  });
}

/** An answer without what differs from request to request. */
function told({ status, headers, body, text }: Answer, id: string): object {
  const { date: _date, 'x-request-id': _id, ...kept } = headers;
  const { request_id: _request, path: _path, ...rest } = body;
  const shown = Object.keys(body).length > 0 ? JSON.stringify(rest) : text;
  return { status, kept, shown: shown.replaceAll(id, '(id)') };
}

/** Asks with the id of a row that the caller does not see, and with that of none: what differs, if anything. */
async function difference(
  ask: (id: string) => Promise<Answer>,
  id: string,
  refused = [403, 404, 422],
): Promise<string | undefined> {
  const none = randomUUID();
  const [hidden, absent] = [await ask(id), await ask(none)];
  const [one, other] = [JSON.stringify(told(hidden, id)), JSON.stringify(told(absent, none))];
  if (one !== other) return `${one} where there is none: ${other}`;
  return refused.includes(hidden.status) ? undefined : `answered ${hidden.status} ${one}`;
}

/** A list by a parent that is not there has nothing. */
const isList = ({ method, path }: Place) => method === 'GET' && /\/(by-[a-z-]+|for)\/\{\w+\}$/.test(path);

test('a row that one does not see answers as one that is not there, wherever a path names it', async () => {
  const before = await checksums(t, USED);
  const faults: string[] = [];
  const tried = new Set<string>();
  for (const place of places()) {
    const names = [...place.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    for (const name of names.filter(one => ![...NO_ROWS, ...PARTS].includes(one))) {
      const resource = resourceOf(place, name);
      if (resource === undefined || !(resource in own)) faults.push(`${place.name}: what is ${name}?`);
      for (const [who, { token, hidden }] of Object.entries(callers)) {
        const id = hidden[resource ?? ''];
        if (id === undefined) continue;
        tried.add(place.name);
        const body = exampleOf(document, place.path, place.method.toLowerCase());
        const ask = (one: string) => t.http(place.method, pathWith(place, name, one), { token, body });
        const fault = await difference(ask, id, isList(place) ? [200, 403, 404] : [403, 404]);
        if (fault) faults.push(`${place.name}, ${name} for ${who}: ${fault}`);
      }
    }
  }
  expect(faults).toEqual([]);
  // Of what is everybody's no row is hidden; the rest names none.
  const shared = RESOURCES.filter(([, { client }]) => client === 'shared' || client === 'itself');
  const isShared = (place: Place) =>
    shared.some(([path]) => path !== 'clients' && path === resourceOf(place, 'id'));
  const names = ({ path }: Place) =>
    [...path.matchAll(/\{(\w+)\}/g)].some(([, name = '']) => !NO_ROWS.includes(name));
  const untried = places().filter(one => names(one) && !tried.has(one.name) && !isShared(one));
  expect(untried.map(one => one.name)).toEqual([]);
  expect(await checksums(t, USED)).toEqual(before);
});

/** Fields of a body, and of the items in it, that take ids. */
function idFields(operation: Operation): string[] {
  const isId = (schema?: Body): boolean =>
    schema !== undefined && (schema.format === 'uuid' || isId(schema.items as Body | undefined));
  return Object.entries(bodyFields(document, operation) ?? {}).filter(([, schema]) => isId(schema)).map(([name]) => name); // prettier-ignore
}

test('so it does wherever the body of an action names it', async () => {
  // References of rows are tried by test/client-access.
  const uniform = new Set(
    RESOURCES.flatMap(([path]) => [`POST /api/${path}`, `PUT /api/${path}/{id}`, `PATCH /api/${path}/{id}`]),
  );
  const faults: string[] = [];
  const before = await checksums(t, USED);
  for (const place of places().filter(({ name }) => !uniform.has(name) && !UPSERTS.includes(name)))
    for (const field of idFields(place.operation)) {
      const resource = resourceOf(place, field);
      if (resource === undefined || !(resource in own)) faults.push(`${place.name}: what is ${field}?`);
      for (const [who, { token, hidden }] of Object.entries(callers)) {
        const id = hidden[resource ?? ''];
        if (id === undefined) continue;
        const example = exampleOf(document, place.path, place.method.toLowerCase()) ?? {};
        const several = Array.isArray(example[field]) || field.endsWith('s');
        const ask = (one: string) =>
          t.http(place.method, pathWith(place, '', ''), {
            token,
            body: { ...example, [field]: several ? [one] : one },
          });
        const fault = await difference(ask, id, [200, 403, 404, 422]);
        if (fault) faults.push(`${place.name}, ${field} for ${who}: ${fault}`);
      }
    }
  expect(faults).toEqual([]);
  expect(await checksums(t, USED)).toEqual(before);
});
