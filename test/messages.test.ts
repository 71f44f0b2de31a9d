import { getMetadataStorage } from 'class-validator';
import { startApp, type TestApp } from './app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const SEEN = 'must not hold control characters, invisible ones, nor any that turn the direction of text';

interface Fault {
  field: string;
  message: string;
  rule: string;
}

const faults = async (method: string, path: string, body: object): Promise<Fault[]> =>
  (await t.http(method, path, { body })).body.details.errors as Fault[];
const ofQuery = async (path: string, query: object): Promise<Fault[]> =>
  (await t.http('GET', path, { query: query as never })).body.details.errors as Fault[];

describe('what a refused body says', () => {
  it.each<[string, object, string, string]>([
    ['clients', { name: 'x', status: 'gone' }, 'status', 'must be one of active, prospect, paused, offboarding, archived'],
    ['clients', { name: 'x', default_hourly_rate: 'much' }, 'default_hourly_rate', 'must be a decimal number of 0 or more as text, such as "120.00": at most 10 digits before the point and 2 behind it'],
    ['clients', { name: 'x', default_hourly_rate: 120 }, 'default_hourly_rate', 'must be a decimal number of 0 or more as text, such as "120.00": at most 10 digits before the point and 2 behind it'],
    ['clients', { name: 'x', default_hourly_rate: '-1' }, 'default_hourly_rate', 'must be a decimal number of 0 or more as text, such as "120.00": at most 10 digits before the point and 2 behind it'],
    ['clients', { name: '' }, 'name', 'must not be empty'],
    ['tags', { name: '' }, 'name', 'must not be empty'],
    ['tags', { name: 'a,b' }, 'name', 'must have no comma'],
    ['projects', { name: 'x', tags: [''] }, 'tags', 'each must not be empty'],
    ['projects', { name: 'x', tags: ['a,b'] }, 'tags', 'each must have no comma'],
    ['clients', { name: 'x'.repeat(300) }, 'name', 'must have at most 255 characters'],
    ['clients', { name: 7 }, 'name', 'must be text'],
    ['tags', { name: 'x', color: 'blue' }, 'color', 'must be # and six hexadecimal digits, such as #1e90ff'],
    ['projects', { name: 'x', slug: 'No Slug' }, 'slug', 'must be lower-case letters and digits in words joined by hyphens, such as client-portal'],
    ['projects', { name: 'x', started_on: '31.1.2026' }, 'started_on', 'must be a day as YYYY-MM-DD'],
    ['projects', { name: 'x', technologies: 'typescript' }, 'technologies', 'must be a list'],
    ['clients', { name: 'a\u001b[2Jb' }, 'name', SEEN],
    ['clients', { name: 'a\r\nb' }, 'name', SEEN],
    ['clients', { name: 'a\u2028b' }, 'name', SEEN],
    ['clients', { name: 'x', website: 'http://a\nb.test' }, 'website', SEEN],
    ['clients', { name: 'x', website: `http://${'漢'.repeat(3000)}` }, 'website', 'must have at most 2000 characters'],
    ['clients', { name: 'x', notes: 'a\u001b[2Jb' }, 'notes', 'must not hold control characters other than line breaks and tabs'],
    ['users', { name: 'x', email: 'a\u001b@canary.test', password: 'CANARY of some length' }, 'email', SEEN],
    ['projects', { name: 'x', technologies: ['a\u0007'] }, 'technologies', `each ${SEEN}`],
    ['projects', { name: 'x', client_id: 'acme' }, 'client_id', 'must be a UUID, such as 01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11'],
  ])('POST /api/%s %j: one sentence about %s', async (path, body, field, message) => {
    const found = await faults('POST', `/api/${path}`, body);
    expect(found.map(one => [one.field, one.message])).toEqual([[field, message]]);
  }); // prettier-ignore

  it('takes line breaks and tabs in long text as they are', async () => {
    const description = ' a\r\n\tb\n';
    expect((await t.make('tags', { description })).description).toBe(description);
  });

  it('never shows a regular expression, whatever the field', () => {
    const silent = [...(getMetadataStorage() as unknown as Rules).validationMetadatas.values()]
      .flat()
      .filter(one => one.name === 'matches' && !one.message)
      .map(one => `${one.target.name}.${one.propertyName}`);
    expect(silent).toEqual([]);
  });
});

interface Rules {
  validationMetadatas: Map<
    unknown,
    { name?: string; message?: unknown; propertyName: string; target: { name: string } }[]
  >;
}

test('a value that is none of those that there are breaks one rule, in a body and in a query', async () => {
  const body = { ...(await t.body('clients')), status: 'lost' };
  const told = await t.http('POST', '/api/clients', { body });
  const asked = await t.http('GET', '/api/clients', { query: { archived: 'perhaps' } });
  const defined = { resource: 'nowhere', key: 'k', kind: 'text' };
  const refused = await t.http('POST', '/api/custom-field-definitions', { body: defined });
  for (const one of [told, asked, refused])
    expect(one.body.details.errors.map(fault => fault.rule)).toEqual(['enum']);
});

describe('what a refused query says', () => {
  it.each<[object, string, string]>([
    [{ status: 'gone' }, 'status', 'must be one of active, prospect, paused, offboarding, archived'],
    [{ created_at__gte: 'yesterday' }, 'created_at__gte', 'must be a time in ISO 8601 with an offset, such as 2026-01-31T08:00:00Z, or a day, such as 2026-01-31'],
    [{ id: 'acme' }, 'id', 'must be a UUID, such as 01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11'],
    [{ default_hourly_rate__lt: 'much' }, 'default_hourly_rate__lt', 'must be a decimal number, such as 120.00'],
    [{ status__gt: 'active' }, 'status__gt', 'is not an operator of this filter; it has status__ne, status__in'],
    [{ archived: 'yes' }, 'archived', 'must be one of true, false, any'],
    [{ created_at__gte: ['2026-01-31', '2026-02-01'] }, 'created_at__gte', 'may be given only once'],
    [{ name__startswith: Array.from({ length: 21 }, (_, n) => `${n}`) }, 'name__startswith', 'must have at most 20 values'],
  ])('%j', async (query, field, message) => {
    expect(await ofQuery('/api/clients', query)).toMatchObject([{ field, message }]);
  }); // prettier-ignore

  it('names what may stand there, and not what stood there', async () => {
    const found = await ofQuery('/api/clients', {
      CANARY: 1,
      sort: 'CANARY',
      fields: 'CANARY',
      omit: 'CANARY',
    });
    expect(found.map(one => one.field).sort()).toEqual(['CANARY', 'fields', 'omit', 'sort']);
    for (const one of found) {
      expect(one.message).toContain('name');
      expect(one.message).not.toContain('CANARY');
    }
  });

  it('takes a day for its start in UTC where a time belongs', async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    await t.make('clients', { name: 'of today' });
    const names = async (query: object) =>
      (await t.http('GET', '/api/clients', { query: { ...query, fields: 'name' } })).body.items.map(
        one => one.name,
      );
    expect(await names({ created_at__lt: tomorrow })).toEqual(['of today']);
    expect(await names({ created_at__gte: tomorrow })).toEqual([]);
    await t.change("UPDATE clients SET created_at = '2026-01-31 00:00:00.000'");
    expect(await names({ created_at: '2026-01-31' })).toEqual(['of today']);
    expect(await names({ created_at__lt: '2026-01-31' })).toEqual([]);
    await t.change('DELETE FROM clients');
  });
});

describe('the shape of an error', () => {
  it.each([
    [401, 'GET', '/api/clients', { token: null }],
    [404, 'GET', '/api/clients/01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11', {}],
    [404, 'GET', '/api/nowhere', {}],
    [405, 'PATCH', '/api/clients', {}],
    [405, 'PATCH', '/api/clients/bulk', {}],
    [405, 'GET', '/api/credentials/reveal', {}],
    [422, 'POST', '/api/clients', { body: {} }],
  ])('of %i has details.errors', async (status, method, path, options) => {
    const answer = await t.http(method, path, options);
    expect(answer.status).toBe(status);
    expect(answer.body.details.errors).toEqual(status === 422 ? [expect.anything()] : []);
  });

  it('has it for 403, 409 and 412 as well, and inside a bulk answer', async () => {
    const { token } = await t.user({ scopes: ['msp:read'] });
    const made = await t.make('clients', { name: 'Twice' });
    const path = `/api/clients/${made.id}`;
    const answers = [
      await t.http('POST', '/api/clients', { token, body: { name: 'x' } }),
      await t.http('POST', '/api/clients', { body: { name: 'Twice' } }),
      await t.http('PATCH', path, { body: { notes: 'x' }, headers: { 'if-match': '"9"' } }),
    ];
    expect(answers.map(one => [one.status, one.body.details.errors])).toEqual([[403, []], [409, []], [412, []]]); // prettier-ignore
    const bulk = await t.http('POST', '/api/clients/bulk', { body: { items: [{ name: 'Twice' }] } });
    expect(bulk.body.results).toMatchObject([{ status: 409, error: { details: { errors: [] } } }]);
  });
});

describe('an ETag', () => {
  it.each(['"1"', '1', 'W/"1"', '"7", 1', ' * '])('is understood as %s', async tag => {
    const made = await t.make('sites');
    const headers = { 'if-match': tag };
    const { status } = await t.http('PATCH', `/api/sites/${made.id}`, { body: { notes: 'x' }, headers });
    expect(status).toBe(200);
    const stale = await t.http('PATCH', `/api/sites/${made.id}`, { body: { notes: 'y' }, headers });
    expect(stale.status).toBe(tag.trim() === '*' ? 200 : 412);
  });

  it('that is none is told from one that is stale', async () => {
    const { id } = await t.make('sites');
    const send = (tag: string) =>
      t.http('PATCH', `/api/sites/${id}`, { body: { notes: 'x' }, headers: { 'if-match': tag } });
    for (const [tag, words] of [
      ['abc', 'names no version'],
      ['"9"', 'has changed'],
      ['abc, W/"9"', 'has changed'],
    ] as const) {
      const { status, body } = await send(tag);
      expect([tag, status, body.error]).toEqual([tag, 412, expect.stringContaining(words)]);
    }
  });

  it.each(['"2"', '2', 'W/"2"'])('%s saves the answer that is known', async tag => {
    const made = await t.make('sites');
    await t.http('PATCH', `/api/sites/${made.id}`, { body: { notes: 'x' } });
    const ask = (known: string) =>
      t.http('GET', `/api/sites/${made.id}`, { headers: { 'if-none-match': known } });
    expect((await ask(tag)).status).toBe(304);
    expect((await ask('1')).status).toBe(200);
    expect((await ask('"1')).status).toBe(200);
  });
});
