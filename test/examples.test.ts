import { startApp, type TestApp } from './app.js';
import { documentOf, type ApiDocument } from './harness/all-resources.js';
import { exampleOf as exampleIn } from './harness/examples.js';
import type { Body } from './harness/requests.js';

/** Required references: a row that is created belongs to one that is there. All else succeeds as it stands. */
const REQUIRED_REFERENCES: Record<string, string[]> = {
  createContact: ['client_id'],
  createFirewallRule: ['infrastructure_id'],
  createNetwork: ['client_id'],
  createSite: ['client_id'],
  createCredentialPermission: ['user_id', 'client_id'],
};
const MAKES: Record<string, string> = {
  client_id: 'clients',
  infrastructure_id: 'infrastructure',
  user_id: 'users',
};

interface Create {
  operationId: string;
  path: string;
  example: Body;
}

describe('the examples of the document', () => {
  let t: TestApp;
  let document: ApiDocument;

  beforeAll(async () => {
    t = await startApp();
    document = await documentOf(t);
  });
  afterAll(() => t.close());

  function exampleOf(path: string, method: string): Body {
    return exampleIn(document, path, method) ?? {};
  }

  function creates(suffix: string): Create[] {
    return Object.entries(document.paths)
      .filter(([path, item]) => item.post && `/api/${path.split('/')[2]}${suffix}` === path)
      .filter(([path]) => document.paths[`/api/${path.split('/')[2]}`]?.post)
      .map(([path, item]) => ({
        operationId: item.post?.operationId ?? '',
        path,
        example: exampleOf(path, 'post'),
      }));
  }

  async function filled(operationId: string, example: Body): Promise<Body> {
    const references: Body = {};
    for (const field of REQUIRED_REFERENCES[operationId] ?? [])
      references[field] = (await t.make(MAKES[field] ?? field)).id;
    return { ...example, ...references };
  }

  it('refer to a row only where one is required', () => {
    const referring = creates('').filter(({ example }) =>
      Object.keys(example).some(one => one.endsWith('_id')),
    );
    expect(referring.map(one => one.operationId).filter(one => !REQUIRED_REFERENCES[one])).toEqual([]);
  });

  it('create a row of every resource, then several, and change the first', async () => {
    const all = creates('');
    expect(all.length).toBeGreaterThan(10);
    const faults: object[] = [];
    for (const { operationId, path, example } of all) {
      const body = await filled(operationId, example);
      const created = await t.http('POST', path, { body });
      if (created.status !== 201) faults.push({ operationId, example, errors: created.body });
      for (const method of ['patch', 'put']) {
        if (created.status !== 201 || !document.paths[`${path}/{id}`]?.[method]) continue;
        const changed = await t.http(method.toUpperCase(), `${path}/${created.body.id}`, {
          body: exampleOf(`${path}/{id}`, method),
        });
        if (changed.status !== 200) faults.push({ operationId: `${method} ${path}`, errors: changed.body });
      }
    }
    expect(faults).toEqual([]);
  });

  it('create several at once', async () => {
    const faults: object[] = [];
    for (const { operationId, path, example } of creates('/bulk')) {
      const single = operationId.replace('bulkCreate', 'create');
      const [create] = Object.keys(REQUIRED_REFERENCES).filter(one => single.startsWith(one));
      const items = await Promise.all((example.items as Body[]).map(one => filled(create ?? '', one)));
      const answer = await t.http('POST', path, { body: { ...example, items } });
      const { results } = answer.body as unknown as { results?: { error?: object }[] };
      if (!results || results.some(one => one.error)) faults.push({ operationId, items, results });
    }
    expect(faults).toEqual([]);
  });
});
