import { createOpskeep, type ImportJob, type Opskeep, OpskeepImportError } from '../../sdk/src/index.js';
import { startApp, type TestApp } from '../app.js';
import { type Scripted, scripted } from '../harness/scripted.js';

let t: TestApp;
let opskeep: Opskeep;
let client_id: string;
let url: string;
let server: Scripted | undefined;

beforeAll(async () => {
  t = await startApp();
  url = await t.listen();
  opskeep = createOpskeep({ url, token: t.admin.token });
  client_id = await t.client();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(() => t.close());

const reasonOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
const csvOf = (...names: string[]) =>
  ['client_id,name', ...names.map(name => `${client_id},${name}`)].join('\n');
const count = async (name: string) =>
  (await opskeep.GET('/api/sites', { params: { query: { name: [name] } } })).data.items.length;
const streamOf = (...parts: string[]) =>
  new ReadableStream<Uint8Array>({
    start: end => {
      for (const part of parts) end.enqueue(new TextEncoder().encode(part));
      end.close();
    },
  });

describe('a file of rows', () => {
  test('is brought in as text, as a Blob and as a stream', async () => {
    const seen: string[] = [];
    const onProgress = ({ state }: ImportJob) => void seen.push(state);
    const text = await opskeep.import('sites', csvOf('Käfer, "quoted"'.replaceAll(/[,"]/g, '')), {
      onProgress,
    });
    expect(text).toMatchObject({ resource: 'sites', state: 'done', format: 'csv', created: 1 });
    expect(seen.at(-1)).toBe('done');
    const ndjson = `${JSON.stringify({ client_id, name: 'By a Blob' })}\n`;
    const blob = await opskeep.import('sites', new Blob([ndjson], { type: 'application/x-ndjson' }));
    expect(blob).toMatchObject({ format: 'ndjson', created: 1 });
    // As Windows calls a CSV.
    const excel = new Blob([csvOf('By Windows')], { type: 'application/vnd.ms-excel' });
    expect(await opskeep.import('sites', excel)).toMatchObject({ format: 'csv', created: 1 });
    const stream = streamOf(ndjson.slice(0, 20), ndjson.slice(20).replace('Blob', 'stream'));
    const streamed = await opskeep.import('sites', stream, { type: 'application/x-ndjson' });
    expect(streamed).toMatchObject({ format: 'ndjson', created: 1 });
    const names = ['Käfer quoted', 'By a Blob', 'By Windows', 'By a stream'];
    expect(await Promise.all(names.map(count))).toEqual([1, 1, 1, 1]);
  });

  test('is an export of the same server', async () => {
    await opskeep.import('sites', csvOf('Exported'));
    const params = { query: { name: ['Exported'], format: 'ndjson' as const } };
    const { stream } = await opskeep.export('/api/sites/export', { params });
    const how = { type: 'application/x-ndjson', on_conflict: 'skip', match_key: 'id' } as const;
    expect(await opskeep.import('sites', stream, how)).toMatchObject({ state: 'done', skipped: 1 });
  });

  test('is tried by a dry run, and compared as told', async () => {
    expect(await opskeep.import('sites', csvOf('Dry'), { dry_run: true })).toMatchObject({ created: 1 });
    expect(await count('Dry')).toBe(0);
    await opskeep.import('sites', csvOf('Dry'));
    const again = { on_conflict: 'skip', match_key: 'client_id,name' } as const;
    expect(await opskeep.import('sites', csvOf('Dry', 'Wet'), again)).toMatchObject({
      created: 1,
      skipped: 1,
    });
  });

  test('says which rows are at fault, and writes none', async () => {
    const error = await reasonOf(opskeep.import('sites', csvOf('Good', '', 'x'.repeat(999))));
    if (!(error instanceof OpskeepImportError)) throw error;
    expect(error.job).toMatchObject({ state: 'failed', failed_rows: 2, created: 0 });
    expect(error.job.errors.map(one => [one.line, one.field])).toEqual([
      [3, 'name'],
      [4, 'name'],
    ]);
    expect(error.message).toMatch(/: line 3, name /);
    expect(await count('Good')).toBe(0);
  });

  test('is refused before anything of it is kept', async () => {
    const free = opskeep.import as (resource: string, file: string) => Promise<unknown>;
    expect(await reasonOf(free('nothing', csvOf('a')))).toMatchObject({ name: 'OpskeepError', status: 404 });
    expect(await reasonOf(free('..', csvOf('a')))).toMatchObject({ name: 'TypeError' });
    expect(await reasonOf(free('sites', 'no_such_column\nx'))).toMatchObject({ status: 422 });
    const reader = await t.user({ scopes: ['msp:read'] });
    const other = createOpskeep({ url, token: reader.token });
    expect(await reasonOf(other.import('sites', csvOf('a')))).toMatchObject({ status: 403 });
  });

  test('goes by POST, too, with its media type', async () => {
    const params = { path: { resource: 'sites' } };
    const headers = { 'content-type': 'text/csv; charset=utf-8' };
    const { data } = await opskeep.POST('/api/bulk-import/{resource}', {
      params,
      headers,
      body: csvOf('Raw'),
    });
    expect(data).toMatchObject({ state: 'done', created: 1 });
  });

  test('of a stream without an end is not read for ever', async () => {
    let isCancelled = false;
    const part = new Uint8Array(8 * 1024 * 1024);
    const endless = new ReadableStream<Uint8Array>({
      pull: end => end.enqueue(part),
      cancel: () => void (isCancelled = true),
    });
    expect(await reasonOf(opskeep.import('sites', endless))).toMatchObject({ name: 'RangeError' });
    expect(isCancelled).toBe(true);
    const signal = AbortSignal.timeout(20);
    const stalled = new ReadableStream<Uint8Array>({ cancel: () => new Promise(() => undefined) });
    expect(await reasonOf(opskeep.import('sites', stalled, { signal }))).toMatchObject({
      name: 'TimeoutError',
    });
  });
});

describe('a job that goes on', () => {
  const job = (state: string, more: object = {}) => ({
    ...{ id: 'a/b', state, rows_done: 0, failure: null, errors: [], finished_at: null },
    ...more,
  });
  const ended = { finished_at: '2026-01-01T00:00:00.000Z' };
  const serverThat = async (...jobs: unknown[]) => {
    server = await scripted((response, { method }) =>
      response
        .writeHead(method === 'POST' ? 202 : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify(jobs.length > 1 ? jobs.shift() : jobs[0])),
    );
    return createOpskeep({ url: server.url, token: 'x', retries: 0 });
  };

  test('is waited for', async () => {
    const client = await serverThat(job('checking'), job('writing', { rows_done: 5 }), job('done', ended));
    const seen: string[] = [];
    const onProgress = ({ state, rows_done }: ImportJob) => void seen.push(`${state} ${rows_done}`);
    await client.import('sites', 'name\na', { dry_run: true, onProgress });
    expect(seen).toEqual(['checking 0', 'writing 5', 'done 0']);
    expect(server?.seen.map(one => `${one.method} ${one.url}`)).toEqual([
      'POST /api/bulk-import/sites?dry_run=true',
      'GET /api/bulk-import/jobs/a%2Fb',
      'GET /api/bulk-import/jobs/a%2Fb',
    ]);
    expect(server?.seen[0]).toMatchObject({ body: 'name\na', headers: { 'content-type': 'text/csv' } });
    expect(server?.seen[0]?.headers['idempotency-key']).toBeDefined();
  });

  test('is an error when it is cancelled, and when the answer is no job', async () => {
    const cancelled = await serverThat(job('cancelled', ended));
    expect(await reasonOf(cancelled.import('sites', 'name\na'))).toMatchObject({
      name: 'OpskeepImportError',
      message: 'The import is cancelled',
    });
    for (const answer of [
      {},
      null,
      [],
      job('done', { id: 7 }),
      job('gone'),
      job('done', { errors: 'none' }),
    ]) {
      await server?.close();
      const client = await serverThat(answer);
      expect(await reasonOf(client.import('sites', 'name\na'))).toMatchObject({
        message: 'The answer is no job of an import',
      });
    }
  });

  test('is let go by a signal', async () => {
    const client = await serverThat(job('checking'));
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error('enough'));
    const call = client.import('sites', 'name\na', { signal: stop.signal, onProgress });
    expect(await reasonOf(call)).toMatchObject({ message: 'enough' });
    expect(server?.seen).toHaveLength(1);
  });
});

describe('reports and other answers', () => {
  test('a report is a page, rows or an object', async () => {
    const query = { month: '2026-01', client_id };
    const page = await opskeep.report('time-and-money', { ...query, format: 'html' });
    expect(page).toMatchObject({ type: 'text/html' });
    expect(await page.text()).toMatch(/^<!doctype html>/i);
    const rows = await opskeep.report('time-and-money', { ...query, format: 'csv' });
    expect(rows).toMatchObject({ type: 'text/csv', name: expect.stringMatching(/\.csv$/) as string });
    expect(await rows.text()).toContain('client_id');
    const { data } = await opskeep.GET('/api/reports/time-and-money', { params: { query } });
    expect(data.client_id).toBe(client_id);
    const free = opskeep.report as (name: string, init: object) => Promise<unknown>;
    expect(await reasonOf(free('../clients', { format: 'csv' }))).toMatchObject({ status: 404 });
  });

  test('texts are texts, bytes are bytes', async () => {
    const { data } = await opskeep.GET('/api/sites/export', { params: { query: { format: 'csv' } } });
    expect(data).toMatch(/^id,/);
    const incident = await t.make('security-incidents', { client_id, title: 'Lost laptop' });
    const path = { id: incident.id };
    const told = await opskeep.GET('/api/security-incidents/{id}/report', { params: { path } });
    expect(told.data).toContain('Lost laptop');
    const params = { path, query: { format: 'json' as const } };
    expect((await opskeep.GET('/api/security-incidents/{id}/report', { params })).data).toBeInstanceOf(
      Object,
    );
  });

  test('a page of a proxy is no answer', async () => {
    server = await scripted(response =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>CANARY: log in</h1>'),
    );
    const client = createOpskeep({ url: server.url, token: 'x', retries: 0 });
    const error = await reasonOf(client.GET('/api/clients'));
    expect(error).toMatchObject({ name: 'OpskeepError', status: 200, code: 'unreadable' });
    expect(String(error)).not.toContain('CANARY');
  });
});
