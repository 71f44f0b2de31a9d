import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { OpenAPIObject } from '@nestjs/swagger';
import { METHODS, type Operation, type Parameter } from '../src/core/document/operations.js';
import type { Schema } from '../src/core/document/schemas.js';
import { bodiesOf } from '../src/core/resource/bodies/bodies.js';
import { validateBody } from '../src/core/http/pipes/body.pipe.js';
import { isFilterable, operatorsOf } from '../src/core/resource/lists/filters.js';
import { pluralOf } from '../src/core/resource/describe/naming.js';
import { allResources, type ResourceSpec, ROUTES } from '../src/core/resource/resource.js';
import { describeApplication } from '../src/describe-application.js';
import { startApp, type TestApp } from './app.js';
import { parametersOf } from './harness/all-resources.js';

const ROOT = process.cwd();
/** What anybody may call: a new one is a decision. */
const PUBLIC = ['issueToken', 'login', 'redeemShare', 'refresh'];

interface Route extends Operation {
  method: string;
  path: string;
}

describe('the API document', () => {
  let t: TestApp;
  let text: string;
  let document: OpenAPIObject;
  let routes: Route[];
  let schemas: Record<string, Schema>;

  beforeAll(async () => {
    t = await startApp();
    text = await describeApplication();
    document = JSON.parse(text) as OpenAPIObject;
    schemas = document.components?.schemas as Record<string, Schema>;
    routes = Object.entries(document.paths).flatMap(([path, item]) =>
      METHODS.flatMap(method => {
        const operation = item[method as 'get'] as unknown as Operation | undefined;
        if (!operation) return [];
        const shared = document.components?.parameters as unknown as Record<string, Parameter>;
        return [{ ...operation, parameters: parametersOf(operation.parameters, shared), method, path }];
      }),
    );
  });
  afterAll(() => t.close());

  it('tells what goes with a row, what stays without it, and what keeps it', () => {
    const told = document.paths['/api/clients/{id}']?.delete?.description;
    expect(told).toMatch(/^Refused \(409\) while billable time, credentials refer to it\.$/m);
    expect(told).toMatch(/^Deleted with it, each with its own entry: .*\bcontacts, .*\bsites\b.*\.$/m);
    expect(told).toMatch(/^Refused \(409\) while these are there, .*: .*projects.*services.*archived_at/m);
    expect(told).not.toMatch(/stays without it/);
    const ofSite = document.paths['/api/sites/{id}']?.delete?.description;
    expect(ofSite).toMatch(/^What refers to it, and stays without it: .*contacts/m);
    expect(document.paths['/api/firewall-rules/{id}']?.delete?.description).not.toMatch(/refer/);
  });

  it('is where a browser is led that looks for it, and no program', async () => {
    const ask = (path: string, accept: string, method = 'GET') =>
      t.http(method, path, { token: null, headers: { accept } });
    for (const path of ['/', '/docs', '/api', '/api/', '/?a=b']) {
      const shown = await ask(path, 'text/html,application/xhtml+xml,*/*;q=0.8');
      expect([path, shown.status, shown.headers.location]).toEqual([path, 302, '/api/docs']);
      expect([path, (await ask(path, '*/*')).status]).toEqual([path, /^.[?]|^.$/.test(path) ? 200 : 404]);
      expect([path, (await ask(path, 'text/html', 'POST')).headers.location]).toEqual([path, undefined]);
    }
    expect((await ask('/apis', 'text/html')).status).toBe(404);
  });

  it('is the committed openapi.json', () => {
    const committed = readFileSync(join(ROOT, 'openapi.json'), 'utf8');
    // Not `expect(text)`: the difference of two such texts takes minutes to print.
    if (committed !== text)
      throw new Error(
        `openapi.json is not up to date (${firstDifference(committed, text)}): npm run openapi`,
      );
  });

  it('is served as it is committed, to whoever does not know it', async () => {
    const ask = (headers: Record<string, string> = {}, method = 'GET') =>
      t.http(method, '/api/openapi.json', { token: null, headers });
    const { status, headers, text: served } = await ask();
    expect([status, headers['content-encoding']]).toEqual([200, undefined]);
    expect(headers['content-type']).toContain('application/json');
    expect(served === readFileSync(join(ROOT, 'openapi.json'), 'utf8')).toBe(true);
    const etag = headers.etag ?? '';
    expect(etag).toMatch(/^W\/"\S{40,}"$/);
    const again = await ask({ 'if-none-match': `"other", ${etag}`, 'accept-encoding': 'br' });
    expect([again.status, again.text, again.headers.etag]).toEqual([304, '', etag]);
    expect((await ask({ 'if-none-match': '"other"' })).status).toBe(200);
    for (const [accepted, encoding] of [
      ['br, gzip', 'br'], ['gzip', 'gzip'], ['br;q=0, GZIP;q=0.5', 'gzip'], ['br; q=0.0', undefined], ['identity', undefined],
    ] as const)
      expect([accepted, (await ask({ 'accept-encoding': accepted }, 'HEAD')).headers['content-encoding']]).toEqual([accepted, encoding]); // prettier-ignore
  });

  it('is valid OpenAPI 3.1', async () => {
    const redocly = join(ROOT, 'node_modules', '@redocly', 'cli', 'bin', 'cli.js');
    const run = promisify(execFile)(
      process.execPath,
      [redocly, 'lint', '--config', 'redocly.yaml', 'openapi.json'],
      {
        cwd: ROOT,
        env: {
          PATH: process.env.PATH,
          REDOCLY_TELEMETRY: 'off',
          REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
          NO_COLOR: '1',
        },
      },
    );
    const failure = await run.then(
      () => undefined,
      (error: { stdout?: string; stderr?: string }) => `${error.stdout}\n${error.stderr}`,
    );
    expect(failure).toBeUndefined();
  }, 120_000);

  it('has the promised routes of every resource', () => {
    const missing = allResources()
      .filter(spec => document.paths[`/api/${spec.path}`])
      .flatMap(spec => promised(spec).filter(id => !routes.some(one => one.operationId === id)));
    expect(missing).toEqual([]);
    expect(document.paths['/api/clients']).toBeDefined();
  });

  it('names every operation once, in camel case', () => {
    const ids = routes.map(one => one.operationId ?? '');
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.filter(id => !/^[a-z][a-zA-Z0-9]*$/.test(id))).toEqual([]);
  });

  it('says the access of every route, as the server enforces it', async () => {
    const open = routes.filter(one => one.security?.length === 0);
    expect(open.map(one => one.operationId).sort()).toEqual(PUBLIC);
    for (const { method, path, operationId, security, ...route } of routes) {
      if (PUBLIC.includes(operationId ?? '')) continue;
      const scope = route['x-required-scope'];
      expect({ operationId, security }).toEqual({
        operationId,
        security: ['bearer', 'email_and_password'].map(scheme => ({ [scheme]: scope ? [scope] : [] })),
      });
      const answer = await t.http(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, ZERO), { token: null });
      expect({ operationId, status: answer.status }).toEqual({ operationId, status: 401 });
    }
  });

  it('refuses the scope that it does not name', async () => {
    const reader = await t.user({ scopes: ['msp:read'] });
    const admin = await t.user({ scopes: ['msp:admin'] });
    for (const { method, path, operationId, ...route } of routes) {
      const scope = route['x-required-scope'];
      if (!scope) continue;
      const { token } = scope === 'msp:read' ? admin : reader;
      const answer = await t.http(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, ZERO), { token });
      expect({ operationId, status: answer.status, scope: answer.body.details.scope }).toEqual({
        operationId,
        status: 403,
        scope,
      });
    }
  });

  it('tells the errors that a route can have', () => {
    const faults = routes.flatMap(
      ({ operationId, path, parameters = [], requestBody, responses, ...route }) => {
        // 401, 413, 415, 429 and 503 are of every route.
        const expected: (number | string)[] = ['default'];
        if (route['x-required-scope']) expected.push(403);
        if (/\{id\}/.test(path) && !/\/by-/.test(path)) expected.push(404);
        if (requestBody) expected.push(422);
        if (parameters.some(one => one.name === 'If-Match')) expected.push(412);
        return expected.filter(status => !responses[status]).map(status => `${operationId}: ${status}`);
      },
    );
    expect(faults).toEqual([]);
    const other = document.components?.responses?.Error as { description: string };
    expect(other.description.match(/\b\d{3}(?=:)/g)?.map(Number)).toEqual([401, 413, 415, 429, 503]);
  });

  it('has every field of an answer that is there in any case as such', () => {
    const required = (name: string) => schemas[name]?.required;
    expect(required('ErrorAnswer')).toContain('details');
    expect(required('BillableTime')).toContain('rounding');
    expect(required('CredentialHealthPage')).toContain('counts');
  });

  it('stays small enough to be read', () => {
    expect(Buffer.byteLength(JSON.stringify(document))).toBeLessThan(2_000_000);
  });

  it('demands no header, and names those that a policy may ask for', () => {
    const headers = routes.flatMap(({ operationId, parameters = [] }) =>
      parameters.filter(one => one.in === 'header').map(one => ({ operationId, ...one })),
    );
    expect(headers.filter(one => one.required || !/^[A-Z]/.test(one.name))).toEqual([]);
    const takers = (name: string) =>
      headers.flatMap(one => (one.name === name ? [one.operationId] : [])).sort();
    const both = ['getCredential', 'getCredentialOtp', 'putClient', 'putCredential', 'rotateCredential', 'updateClient', 'updateCredential']; // prettier-ignore
    const reveals = ['revealCredential', 'revealCredentialVersion', 'revealCredentials', 'shareCredential'];
    expect(takers('X-Opskeep-Reason')).toEqual(both);
    const users = ['createAccessToken', 'createUser', 'bulkCreateUsers', 'updateUser', 'putUser'];
    const deciding = ['approveRequest', 'refuseRequest', 'revokeApproval'];
    const webhooks = ['createWebhook', 'updateWebhook', 'putWebhook', 'rotateWebhookSecret'];
    expect(takers('X-Opskeep-Otp')).toEqual(
      [
        ...both,
        ...reveals,
        ...users,
        ...webhooks,
        ...deciding,
        'breakGlass',
        'exportClientSecrets',
        'offboardClient',
      ].sort(),
    );
  });

  it('has each operator of a filter as a parameter that the server understands', async () => {
    for (const spec of allResources().filter(one => document.paths[`/api/${one.path}`])) {
      const list = routes.find(one => one.operationId === `list${pluralOf(spec)}`);
      const names = (list?.parameters ?? []).map(one => one.name);
      const expected = spec.fields
        .filter(isFilterable)
        .flatMap(field => [field.name, ...operatorsOf(field).map(one => `${field.name}__${one}`)]);
      expect(names).toEqual(expect.arrayContaining(expected));
      for (const name of names.filter(one => one.endsWith('__isnull'))) {
        const answer = await t.http('GET', `/api/${spec.path}`, { query: { [name]: 'true', limit: 1 } });
        expect({ name, status: answer.status }).toEqual({ name, status: 200 });
      }
    }
  });

  it('has each parameter once', () => {
    const inline = Object.values(document.paths)
      .flatMap(item => METHODS.flatMap(method => item[method as 'get']?.parameters ?? []))
      .filter(one => !('$ref' in one))
      .map(one => JSON.stringify(one));
    expect(inline.filter((one, index) => inline.indexOf(one) !== index)).toEqual([]);
  });

  it('leaves defaults of bodies to words, which no generator takes for a duty', () => {
    expect(schemas.CreateProject?.properties?.status).not.toHaveProperty('default');
    expect(schemas.CreateProject?.properties?.status?.description).toContain('when absent');
  });

  it('has nothing of OpenAPI 3.0, of the inside or of the health routes', () => {
    expect(text).not.toMatch(/"nullable"/);
    expect(Object.keys(document.paths).filter(path => !path.startsWith('/api/'))).toEqual([]);
    expect(Object.keys(schemas).filter(name => /^Legacy|Entity$|^(Object|Made|Type)$/.test(name))).toEqual(
      [],
    );
    expect(text).not.toMatch(/password_hash|_sealed|ciphertext/);
  });

  it('closes request bodies and types the ids of paths', () => {
    const open = routes.flatMap(({ operationId, requestBody }) => {
      const content = (requestBody?.content ?? {}) as Record<string, { schema?: Schema }>;
      const schema = content['application/json']?.schema;
      const known = schema?.$ref ? schemas[schema.$ref.split('/').at(-1) ?? ''] : schema;
      return known && known.additionalProperties !== false ? [operationId] : [];
    });
    expect(open).toEqual([]);
    const untyped = routes.flatMap(({ operationId, parameters = [] }) =>
      parameters
        .filter(one => one.in === 'path' && one.name === 'id' && one.schema?.format !== 'uuid')
        .map(() => operationId),
    );
    expect(untyped).toEqual([]);
  });

  it('gives examples that the server accepts', async () => {
    for (const spec of allResources()) {
      const { create, update } = bodiesOf(spec);
      for (const type of [create, update]) {
        const example = schemas[type.name]?.examples?.[0];
        if (example !== undefined) await validateBody(type, example);
      }
    }
    expect(Object.keys(schemas.CreateClient?.examples?.[0] as object)).toContain('name');
  });

  it('stands in an order that does not depend on the order of imports', () => {
    for (const map of [document.paths, schemas]) {
      const names = Object.keys(map);
      expect(names).toEqual([...names].sort());
    }
  });
});

const ZERO = '01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11';

function promised(spec: ResourceSpec): string[] {
  const [one, all] = [spec.label, pluralOf(spec)];
  return [
    ...(spec.routes ?? ROUTES).flatMap(
      route =>
        ({
          list: [`list${all}`], create: [`create${one}`], bulk: [`bulkCreate${all}`], get: [`get${one}`],
          update: [`update${one}`, `put${one}`], remove: [`delete${one}`],
        })[route],
    ), // prettier-ignore
    ...['client', 'project', 'session']
      .filter(parent => spec.byName.has(`${parent}_id`))
      // Of a parent that has one row there is no list.
      .filter(parent => !spec.unique.some(set => set.join() === `${parent}_id`))
      .map(parent => `list${all}By${parent.charAt(0).toUpperCase()}${parent.slice(1)}`),
  ];
}

function firstDifference(a: string, b: string): string {
  const [lines, others] = [a.split('\n'), b.split('\n')];
  const index = others.findIndex((line, at) => line !== lines[at]);
  return `line ${index + 1}: ${(others[index] ?? '').trim().slice(0, 80)}`;
}
