import type { Scope } from '../../src/core/context/actor.js';
import { startApp, type TestApp } from '../app.js';
import { type ApiDocument, documentOf, RESOURCES } from '../harness/all-resources.js';

let t: TestApp;
let document: ApiDocument;
beforeAll(async () => {
  t = await startApp();
  document = await documentOf(t);
});
afterAll(() => t.close());

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
});
