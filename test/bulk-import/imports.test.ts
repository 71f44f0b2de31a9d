import type { Answer, AnswerBody } from '../harness/requests.js';
import { startApp, type TestApp } from '../app.js';
import { allResources, type ResourceSpec, type Route, ROUTES } from '../../src/core/resource/resource.js';

interface Job extends AnswerBody {
  state: string;
  created: number;
  updated: number;
  skipped: number;
  failed_rows: number;
  errors: (AnswerBody['details']['errors'][number] & { row: number; line: number })[];
}
type JobAnswer = Omit<Answer, 'body'> & { body: Job };

let t: TestApp;
let client_id: string;
beforeAll(async () => {
  t = await startApp();
  client_id = await t.client();
});
afterAll(() => t.close());

const send = async (
  path: string,
  body: string | Buffer,
  type = 'text/csv',
  token?: string,
): Promise<JobAnswer> => {
  const sent = { body, headers: { 'content-type': type }, token };
  const answer = (await t.http('POST', `/api/bulk-import/${path}`, sent)) as JobAnswer;
  // On a busy machine it goes on behind the answer.
  while (answer.status === 202 && ['waiting', 'checking', 'writing'].includes(answer.body.state))
    answer.body = (await job(answer.body.id)).body as Job;
  return answer.status === 202 ? { ...answer, status: 200 } : answer;
};
const names = async (path: string, query = {}) =>
  (await t.http('GET', `/api/${path}`, { query: { sort: 'id', limit: 1000, ...query } })).body.items.map(
    one => one.name,
  );
const ndjson = (...rows: object[]) => rows.map(one => `${JSON.stringify(one)}\n`).join('');
const job = (id: string) => t.http('GET', `/api/bulk-import/jobs/${id}`);

describe('a file of new rows', () => {
  it('becomes rows with their types, references by name, lists, flags and hostile cells', async () => {
    const { body: client } = await t.http('GET', `/api/clients/${client_id}`);
    const { status, body, headers } = await send(
      'sites',
      `name;client_name;vpn_required;dns_servers;notes\r\n` +
        `Hospital;${client.name};TRUE;10.0.0.1; "a\nb"\r\n`.replace('10.0.0.1; ', '"10.0.0.1; 10.0.0.2";') +
        `"Sports; hall";${client.name};;;"'=1+1 🏢"\r\n`,
    );
    expect({ status, ...body }).toMatchObject({
      status: 200,
      state: 'done',
      created: 2,
      rows_total: 2,
      failed_rows: 0,
    });
    expect(headers.location).toBe(`/api/bulk-import/jobs/${body.id}`);
    const { body: page } = await t.http('GET', '/api/sites', { query: { client_id, sort: 'id' } });
    expect(page.items).toMatchObject([
      {
        name: 'Hospital',
        client_id,
        vpn_required: true,
        dns_servers: ['10.0.0.1', '10.0.0.2'],
        notes: 'a\nb',
      },
      { name: 'Sports; hall', client_id, vpn_required: false, dns_servers: null, notes: '=1+1 🏢' },
    ]);
    const { body: log } = await t.http('GET', '/api/api-audit-log', { query: { action: 'site.create' } });
    expect(log.items).toHaveLength(2);
    expect(JSON.stringify(log.items)).toContain(body.id);
    expect(await t.sql('SELECT * FROM upload_pieces')).toEqual([]);
  });

  it('is read as NDJSON, with tags and custom fields', async () => {
    await t.make('custom-field-definitions', { resource: 'contacts', key: 'floor', kind: 'whole' });
    const rows = [
      { client_id, name: 'Ann', custom_fields: { floor: 3 } },
      { client_id, name: 'Bob', email: null },
    ];
    const { body } = await send('contacts', ndjson(...rows), 'application/x-ndjson');
    expect(body).toMatchObject({ state: 'done', created: 2 });
    await send('contacts', `client_id,name,cf.floor\n${client_id},Cem,4\n`);
    const { body: page } = await t.http('GET', '/api/contacts', { query: { client_id, sort: 'id' } });
    expect(page.items.map(one => one.custom_fields)).toEqual([{ floor: 3 }, null, { floor: 4 }]);
    const { body: refused } = await send('contacts', `client_id,name,cf.floor\n${client_id},Dee,low\n`);
    expect(refused.errors).toMatchObject([{ row: 1, line: 2, field: 'custom_fields.floor' }]);
  });

  it('tells every row that is not valid, and writes none', async () => {
    const before = await names('sites');
    const { body, status } = await send(
      'sites',
      `client_id,name,gateway_ip\n${client_id},Good,10.0.0.1\n,No client,\n${client_id},Bad IP,300.1.1.1\n` +
        `01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11,Nobody's,\n${client_id},good,\n${client_id},Short\n`,
    );
    expect({ status, ...body }).toMatchObject({ status: 200, state: 'failed', failed_rows: 5, created: 0 });
    expect(body.failure).toMatch(/5 rows are not valid/);
    expect(body.errors.map(one => [one.row, one.line, one.field, one.rule])).toEqual([
      [2, 3, 'client_id', 'required'],
      [3, 4, 'gateway_ip', 'isIpAddress'],
      [4, 5, 'client_id', 'reference'],
      [5, 6, 'name', 'duplicate'],
      [6, 7, 'row', 'columns'],
    ]);
    expect(await names('sites')).toEqual(before);
  });

  it('tells of rows of JSON what is told of bodies, and none stops the job', async () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    const row = (more: string) => `{"client_id":"${client_id}","name":"x"${more}}\n`;
    const lines = [
      `{"client_id":"${client_id}","name":"\\ud800"}\n`,
      row(',"notes":"\\u0000"'),
      row(`,"dns_servers":${deep(3_000)}`),
      row(`,"dns_servers":[${'"10.0.0.1",'.repeat(10_000)}"10.0.0.1"]`),
      row(',"custom_fields":{"__proto__":{"admin":true}}'),
      row(',"\\udc00":1'),
      row(`,"${'y'.repeat(99)}🏢":1`),
    ];
    const { body } = await send('sites', lines.join(''), 'application/x-ndjson');
    expect(body).toMatchObject({ state: 'failed', failed_rows: lines.length });
    expect(body.errors.map(one => [one.row, one.field.slice(0, 24), one.rule])).toEqual([
      [1, 'name', 'unicode'],
      [2, 'notes', 'nul'],
      [3, expect.stringMatching(/^dns_servers/), 'depth'],
      [4, 'dns_servers', 'size'],
      [5, 'custom_fields.__proto__', 'key'],
      [6, 'row', 'unicode'],
      [7, 'y'.repeat(24), 'unknown'],
    ]);
    expect(body.errors[6]?.field.isWellFormed()).toBe(true);
    const cells = `client_id,name,custom_fields\n${client_id},x,"{""a"":""\\ud800""}"\n`;
    const { body: csv } = await send('sites', cells);
    expect(csv.errors).toMatchObject([{ row: 1, field: 'custom_fields.a', rule: 'unicode' }]);
  });

  it('is tried, and written by nobody, with dry_run', async () => {
    const before = await names('sites');
    const { body } = await send('sites?dry_run=true', `client_id,name\n${client_id},Dry\n`);
    expect(body).toMatchObject({ state: 'done', dry_run: true, created: 1 });
    expect(await names('sites')).toEqual(before);
  });
});

describe('a row that is there', () => {
  const rows = () => `client_id,name,notes\n${client_id},ALPHA,new\n${client_id},Beta,new\n`;
  const notes = async () => {
    const { body } = await t.http('GET', '/api/sites', {
      query: { client_id, name__in: 'Alpha,ALPHA,Beta', sort: 'name' },
    });
    return body.items.map(one => [one.name, one.notes]);
  };
  beforeAll(() => t.make('sites', { client_id, name: 'Alpha', notes: 'old' }));

  it('is a fault, stays, or is changed, as on_conflict says', async () => {
    const refused = await send('sites', rows());
    expect(refused.body).toMatchObject({
      state: 'failed',
      errors: [{ row: 1, field: 'name', rule: 'conflict' }],
    });
    const skipped = await send('sites?on_conflict=skip', rows());
    expect(skipped.body).toMatchObject({ state: 'done', created: 1, skipped: 1 });
    expect(await notes()).toEqual([
      ['Alpha', 'old'],
      ['Beta', 'new'],
    ]);
    const updated = await send('sites?on_conflict=update&match_key=client_id,name', rows());
    expect(updated.body).toMatchObject({ state: 'done', created: 0, updated: 2 });
    expect(await notes()).toEqual([
      ['ALPHA', 'new'],
      ['Beta', 'new'],
    ]);
  });

  it('must have what it is found by, or would be made again each time', async () => {
    const contacts = `client_id,name\n${client_id},Twice\n`;
    for (const way of ['skip', 'update', 'skip&match_key=id'])
      expect(await send(`contacts?on_conflict=${way}`, contacts)).toMatchObject({
        status: 422,
        body: {
          error: expect.stringMatching(/^No row of this file can be found again/),
          details: { errors: [{ field: 'id', rule: 'unmatched' }] },
        },
      });
    const { body } = await send(
      'credentials?on_conflict=skip',
      `client_id,credential_type,service_name,name\n${client_id},password,Mail,\n`,
    );
    expect(body).toMatchObject({ state: 'failed', errors: [{ row: 1, rule: 'unmatched' }] });
    const lines = ndjson({ client_id, name: 'Twice' });
    const again = await send('contacts?on_conflict=skip', lines, 'application/x-ndjson');
    expect(again.body).toMatchObject({
      match_key: null,
      errors: [{ row: 1, field: 'id', rule: 'unmatched' }],
    });
    expect(await names('contacts', { name: 'Twice' })).toEqual([]);
    const once = await send('sites?dry_run=true', `client_id,name\n${client_id},Once\n`);
    expect(once.body).toMatchObject({ state: 'done', match_key: 'client_id,name' });
  });

  it('is found by its id, whatever it is called; empty cells leave what is there', async () => {
    const site = await t.make('sites', { client_id, name: 'Before', notes: 'kept' });
    const csv = `id,name,client_id,notes\n${site.id},After,,\n,Fresh,${client_id},\n`;
    const { body } = await send('sites?on_conflict=update&match_key=id', csv);
    expect(body).toMatchObject({ state: 'done', created: 1, updated: 1 });
    expect((await t.http('GET', `/api/sites/${site.id}`)).body).toMatchObject({
      name: 'After',
      notes: 'kept',
      version: 2,
    });
    const gone = await send(
      'sites?on_conflict=update&match_key=id',
      csv.replace(site.id, '01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11'),
    );
    expect(gone.body.errors).toMatchObject([
      { row: 1, field: 'id', rule: 'reference' },
      { row: 2, field: 'name', rule: 'conflict' },
    ]);
  });

  it('comes back from an export as it was, and tells that it has changed since', async () => {
    const site = await t.make('sites', { client_id, name: 'Exported', notes: "'quoted; =1" });
    for (const [format, type] of [
      ['csv', 'text/csv'],
      ['ndjson', 'application/x-ndjson'],
    ] as const) {
      const { text } = await t.http('GET', '/api/sites/export', { query: { format, id: site.id } });
      const again = await send('sites?on_conflict=update', text, type);
      expect(again.body).toMatchObject({ state: 'done', updated: 1 });
      expect(again.body.ignored_columns).toEqual(expect.arrayContaining(['id', 'version', 'created_at']));
      expect((await t.http('GET', `/api/sites/${site.id}`)).body).toEqual(site);
      const twice = await send('sites', text, type);
      expect(twice.body.errors).toMatchObject([{ row: 1, field: 'id', rule: 'conflict' }]);
    }
    const { text } = await t.http('GET', '/api/sites/export', { query: { id: site.id } });
    await t.http('PATCH', `/api/sites/${site.id}`, { body: { notes: 'changed' } });
    const stale = await send('sites?on_conflict=update', text);
    expect(stale.body.errors.map(one => [one.field, one.rule])).toEqual([
      ['version', 'stale'],
      ['updated_at', 'stale'],
    ]);
  });
});

it('takes secrets of credentials byte for byte, and keeps none of them outside of the vault', async () => {
  const secret = "'CANARY import passw0rd; ";
  const csv = `client_id,credential_type,service_name,password\n${client_id},password,Mail,"${secret}"\n`;
  const { body } = await send('credentials', csv);
  expect(body).toMatchObject({ state: 'done', created: 1 });
  const { body: page } = await t.http('GET', '/api/credentials', { query: { client_id } });
  const { body: shown } = await t.http('GET', `/api/credentials/${page.items[0]?.id}`, {
    query: { reveal: true },
  });
  expect(shown.password).toBe(secret);
  const bad = await send('credentials', csv.replace('password,Mail', 'nonsense,CANARY-service'));
  expect(bad.body.state).toBe('failed');
  const nameless = await send('credentials', csv.slice(csv.indexOf('\n') + 1));
  expect(nameless.body.details.errors).toContainEqual(
    expect.objectContaining({ field: 'column 4', rule: 'unknown' }),
  );
  const member = await send('credentials', ndjson({ CANARY: 1 }), 'application/x-ndjson');
  expect(member.body.errors).toContainEqual(expect.objectContaining({ field: 'column 1', rule: 'unknown' }));
  expect(JSON.stringify([bad.body, nameless.body, member.body, t.logs])).not.toContain('CANARY');
});

it('finds a name beside one that very many rows bear', async () => {
  const machine = await t.body('infrastructure');
  const items = Array.from({ length: 110 }, () => ({ ...machine, hostname: 'crowd' }));
  await t.http('POST', '/api/infrastructure/bulk', { body: { items } });
  await t.make('infrastructure', { ...machine, hostname: 'zulu' });
  const { infrastructure_id: _id, ...service } = await t.body('services');
  const rows = ['crowd', 'zulu'].map(infrastructure_name => ({ ...service, infrastructure_name }));
  const { body } = await send('services?dry_run=true', ndjson(...rows), 'application/x-ndjson');
  expect(body.errors).toMatchObject([{ row: 1, field: 'infrastructure_name', rule: 'ambiguous' }]);
});

describe('what is refused', () => {
  it.each([
    ['an unknown resource', 'nothing', 'name\nx\n', 'text/csv', 404],
    ['a resource without a bulk', 'webhooks', 'url\nx\n', 'text/csv', 404],
    ['another type', 'sites', '{}', 'application/json', 415],
    ['an unknown column', 'sites', 'client_id,name,colour\n', 'text/csv', 422],
    ['a missing column', 'sites', 'name\nx\n', 'text/csv', 422],
    ['a workbook', 'sites', 'PK\u0003\u0004x', 'text/csv', 422],
    ['nothing', 'sites', '', 'text/csv', 422],
    ['a key that is none', 'sites?match_key=notes', 'client_id,name\n', 'text/csv', 422],
    ['another way', 'sites?on_conflict=maybe', 'client_id,name\n', 'text/csv', 422],
    ['a parameter that is none', 'sites?colour=red', 'client_id,name\n', 'text/csv', 422],
    ['no JSON', 'sites', 'name,x\n', 'application/x-ndjson', 422],
  ])('%s', async (_name, path, body, type, status) => {
    const jobs = await t.sql('SELECT id FROM import_jobs');
    const answer = await send(path, body, type);
    expect([answer.status, answer.body.error]).toEqual([status, expect.any(String)]);
    expect(await t.sql('SELECT id FROM import_jobs')).toEqual(jobs);
    expect(await t.sql('SELECT id FROM upload_pieces')).toEqual([]);
  });

  it.each(['application/json', 'application/x-www-form-urlencoded', 'application/octet-stream', ''])(
    'what is sent as %p, and says how a file is sent',
    async type => {
      const { status, body } = await send('sites', '{"name":', type);
      expect([status, body.error]).toEqual([415, expect.stringContaining('--data-binary @file')]);
    },
  );

  it('lines that were joined on the way', async () => {
    const { status, body } = await send('sites', `client_id,name${client_id},One`);
    expect([status, body.error]).toEqual([422, expect.stringContaining('--data-binary keeps them')]);
  });

  it('changes of rows that no route changes, of any resource', async () => {
    const has = (route: Route, { routes = ROUTES }: ResourceSpec) => routes.includes(route);
    const fixed = allResources().filter(spec => has('bulk', spec) && !has('update', spec));
    const paths = fixed.map(one => one.path);
    expect(paths.sort()).toEqual(['conversation-turns', 'external-integrations']);
    const before = await t.sql('SELECT id FROM import_jobs');
    for (const path of paths) {
      expect((await t.http('PATCH', `/api/${path}/${client_id}`, { body: {} })).status).toBe(405);
      const refused = await send(`${path}?on_conflict=update`, 'id\n');
      expect([refused.status, refused.body.details.errors]).toMatchObject([422, [{ field: 'on_conflict' }]]);
    }
    expect(await t.sql('SELECT id FROM import_jobs')).toEqual(before);
  });

  it('compressed files, whatever they would become', async () => {
    const headers = { 'content-type': 'text/csv', 'content-encoding': 'gzip' };
    expect(await t.http('POST', '/api/bulk-import/sites', { headers, body: 'x' })).toMatchObject({
      status: 415,
    });
  });

  it('files on other routes', async () => {
    const headers = { 'content-type': 'text/csv' };
    expect(await t.http('POST', '/api/sites', { headers, body: 'name\nx\n' })).toMatchObject({ status: 415 });
  });
});

describe('rights', () => {
  it('are those of whoever asks, for every row', async () => {
    const other = (await t.make('clients')).id;
    const user = await t.user({ client_access: 'only', client_ids: [other] });
    const csv = `client_id,name\n${client_id},Foreign\n${other},Own\n`;
    const { body } = await send('sites', csv, 'text/csv', user.token);
    expect(body.errors).toMatchObject([{ row: 1, field: 'client_id', rule: 'reference' }]);
    const { body: client } = await t.http('GET', `/api/clients/${client_id}`);
    const named = await send('sites', `client_name,name\n${client.name},Foreign\n`, 'text/csv', user.token);
    expect(named.body.errors).toMatchObject([{ row: 1, field: 'client_name', rule: 'reference' }]);
    const stranger = await t.user();
    expect((await job(body.id)).status).toBe(200);
    expect((await t.http('GET', `/api/bulk-import/jobs/${body.id}`, { token: user.token })).status).toBe(200);
    const limited = await t.user({ client_access: 'only', client_ids: [other] });
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/cancel'],
    ] as const)
      expect(
        (await t.http(method, `/api/bulk-import/jobs/${body.id}${path}`, { token: limited.token })).status,
      ).toBe(404);
    const list = await t.http('GET', '/api/bulk-import/jobs', { token: limited.token });
    expect(list.body.items).toEqual([]);
    expect(
      (await t.http('POST', `/api/bulk-import/jobs/${body.id}/cancel`, { token: stranger.token })).status,
    ).toBe(409);
  });

  it('of an access token are its resources, and, where clients are hidden from it, its own files', async () => {
    const scopes = ['msp:read', 'msp:write', 'msp:admin'];
    const issue = async (given: object) =>
      String(
        (await t.http('POST', '/api/access-tokens', { body: { name: 'x', scopes, ...given } })).body.token,
      );
    const { id } = (await send('sites?dry_run=true', `client_id,name\n${client_id},Seen\n`)).body;
    const limits = { client_access: 'only', client_ids: [client_id] };
    const narrow = await issue(limits);
    const own = (await send('sites?dry_run=true', `client_id,name\n${client_id},Own\n`, 'text/csv', narrow))
      .body;
    const seen = async (token: string) => {
      const { items } = (await t.http('GET', '/api/bulk-import/jobs', { token })).body;
      const one = async (of: string) =>
        (await t.http('GET', `/api/bulk-import/jobs/${of}`, { token })).status;
      const ids = items.map(item => item.id);
      return [ids.includes(id), ids.includes(own.id), await one(id), await one(own.id)];
    };
    expect(await seen(await issue({}))).toEqual([true, true, 200, 200]);
    expect(await seen(await issue({ resources: ['bulk-import', 'sites'] }))).toEqual([true, true, 200, 200]);
    for (const resources of [['bulk-import', 'contacts'], ['bulk-import']])
      expect(await seen(await issue({ resources }))).toEqual([false, false, 404, 404]);
    expect(await seen(narrow)).toEqual([false, true, 404, 200]);
    expect(await seen(await issue(limits))).toEqual([false, false, 404, 404]);
  });

  it.each([[['msp:read', 'msp:write']], [['msp:read', 'msp:admin']]])('need more than %j', async scopes => {
    const user = await t.user({ scopes: scopes as never });
    const { status } = await send('sites', `client_id,name\n${client_id},X\n`, 'text/csv', user.token);
    expect(status).toBe(403);
  });
});
