import { startApp, type TestApp } from './app.js';
import { isRequired } from '../src/core/table/field-spec.js';
import { resourceOf, type ResourceSpec } from '../src/core/resource/resource.js';
import { EITHER } from './factories.js';
import { documentOf, RESOURCES, type ApiDocument } from './harness/all-resources.js';
import { exampleOf as exampleIn } from './harness/examples.js';
import type { Body } from './harness/requests.js';

interface Create {
  spec: ResourceSpec;
  path: string;
  example: Body;
}

describe('the examples of the document', () => {
  let t: TestApp;
  let document: ApiDocument;

  beforeAll(async () => {
    t = await startApp();
    // Somebody who could approve what the administrator asks for.
    await t.user();
    document = await documentOf(t);
  });
  afterAll(() => t.close());

  function exampleOf(path: string, method: string): Body {
    return exampleIn(document, path, method) ?? {};
  }

  function creates(suffix: string): Create[] {
    return RESOURCES.map(([path, spec]) => ({ spec, path: `/api/${path}${suffix}` }))
      .filter(({ path }) => document.paths[path]?.post)
      .map(one => ({ ...one, example: exampleOf(one.path, 'post') }));
  }

  /** A row that is created belongs to one that is there; all else succeeds as it stands. */
  async function filled(spec: ResourceSpec, example: Body): Promise<Body> {
    const references: Body = {};
    const [either] = EITHER[spec.path] ?? [];
    for (const field of spec.fields) {
      const needed = field.name in example || field.name === either || isRequired(field);
      if (field.reference && needed)
        references[field.name] = (await t.make(resourceOf(field.reference.target()).path)).id;
    }
    return { ...example, ...references };
  }

  it('refer to a row only where one is required', () => {
    const needless = creates('').flatMap(({ spec, example }) =>
      spec.fields
        .filter(one => one.reference && one.name in example && !isRequired(one))
        .filter(one => !EITHER[spec.path]?.includes(one.name))
        .map(one => `${spec.path}: ${one.name}`),
    );
    expect(needless).toEqual([]);
  });

  it('create a row of every resource, then several, and change the first', async () => {
    const all = creates('');
    expect(all.length).toBeGreaterThan(10);
    const faults: object[] = [];
    for (const { spec, path, example } of all) {
      const body = await filled(spec, example);
      const created = await t.http('POST', path, { body });
      if (created.status !== 201) faults.push({ path, example, errors: created.body });
      for (const method of ['patch', 'put']) {
        if (created.status !== 201 || !document.paths[`${path}/{id}`]?.[method]) continue;
        const changed = await t.http(method.toUpperCase(), `${path}/${created.body.id}`, {
          body: exampleOf(`${path}/{id}`, method),
        });
        if (changed.status !== 200) faults.push({ route: `${method} ${path}`, errors: changed.body });
      }
      // What is unique in an example is free again for the next test.
      if (created.status === 201) await t.http('DELETE', `${path}/${created.body.id}`);
    }
    expect(faults).toEqual([]);
  });

  it('create several at once', async () => {
    const faults: object[] = [];
    for (const { spec, path, example } of creates('/bulk')) {
      const items = await Promise.all((example.items as Body[]).map(one => filled(spec, one)));
      const answer = await t.http('POST', path, { body: { ...example, items } });
      const { results } = answer.body as unknown as { results?: { error?: object }[] };
      if (!results || results.some(one => one.error)) faults.push({ path, items, results });
    }
    expect(faults).toEqual([]);
  });
});
