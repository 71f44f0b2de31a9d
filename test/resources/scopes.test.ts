import { randomUUID } from 'node:crypto';
import { SCOPES, type Scope } from '../../src/core/context/actor.js';
import { startApp, type TestApp } from '../app.js';
import { type ApiDocument, documentOf, RESOURCES } from '../harness/all-resources.js';

let t: TestApp;
let document: ApiDocument;
let without: Record<Scope, string>;
beforeAll(async () => {
  t = await startApp();
  document = await documentOf(t);
  const entries = SCOPES.map(async missing => {
    const { token } = await t.user({ scopes: SCOPES.filter(one => one !== missing) });
    return [missing, token] as const;
  });
  without = Object.fromEntries(await Promise.all(entries)) as Record<Scope, string>;
});
afterAll(() => t.close());

function routesOf(prefix: string): { method: string; path: string; scope: Scope | undefined }[] {
  return Object.entries(document.paths)
    .filter(([path]) => path === prefix || path.startsWith(`${prefix}/`))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path: path.replaceAll(/\{[^}]+\}/g, randomUUID()),
        scope: operation['x-required-scope'] as Scope | undefined,
      })),
    );
}

describe.each(RESOURCES)('scopes of /api/%s', (path, spec) => {
  it('are those of its kind and of what it declares', () => {
    const write = spec.writeScope ?? 'msp:write';
    const expected: Record<string, Scope> = {
      [`get /api/${path}`]: 'msp:read',
      [`post /api/${path}`]: write,
      [`post /api/${path}/bulk`]: write,
      [`get /api/${path}/{id}`]: 'msp:read',
      [`put /api/${path}/{id}`]: write,
      [`patch /api/${path}/{id}`]: write,
      [`delete /api/${path}/{id}`]: spec.removeScope ?? 'msp:admin',
    };
    for (const [route, scope] of Object.entries(expected)) {
      const [method = '', url = ''] = route.split(' ');
      const operation = document.paths[url]?.[method];
      if (operation) expect({ route, scope: operation['x-required-scope'] }).toEqual({ route, scope });
    }
  });

  it('are literal: every route refuses a token with all the other scopes, by name', async () => {
    for (const { method, path: url, scope } of routesOf(`/api/${path}`)) {
      expect({ method, url, scope }).toEqual({
        method,
        url,
        scope: expect.stringMatching(/^msp:/) as string,
      });
      const answer = await t.http(method, url, { token: without[scope as Scope] });
      expect({ method, url, status: answer.status }).toEqual({ method, url, status: 403 });
      expect(answer.body).toMatchObject({ code: 'authorization', details: { scope } });
    }
  });

  it('refuse every route without a token', async () => {
    for (const { method, path: url } of routesOf(`/api/${path}`)) {
      const answer = await t.http(method, url, { token: null });
      expect({ method, url, status: answer.status }).toEqual({ method, url, status: 401 });
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
      expect(answer.body.code).toBe('authentication');
    }
  });
});
