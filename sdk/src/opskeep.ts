import createClient, { createQuerySerializer } from 'openapi-fetch';
import { bodySerializer, dataOf } from './bodies.js';
import type { Arguments, Call, InitOf, Method } from './calls.js';
import { ChangeFeed, type ChangesInit } from './changes.js';
import { errorOf } from './errors.js';
import { type ExportedFile, type ExportedRow, type ExportPath, fileOf, linesOf } from './exports.js';
import {
  type ImportedFile,
  type ImportedResource,
  type ImportInit,
  type ImportJob,
  imported,
} from './imports.js';
import { type ItemOf, type ListInit, type ListPath, type Page, rowsOf } from './pages.js';
import type { ReportInit, ReportName } from './reports.js';
import type { components, paths } from './schema.js';
import { Sender, type SenderOptions } from './sender.js';
import { Session, type SessionOptions } from './session.js';

export interface OpskeepOptions extends SessionOptions, SenderOptions {
  /** Where the server is, with the prefix that a proxy may have: `https://opskeep.example` */
  url: string | URL;
}

/** The server as its user sees it. Every method rejects with an `OpskeepError` when the server refuses. */
export interface Opskeep {
  GET: Call<'get'>;
  /** The same `Idempotency-Key` goes with each attempt, so that what is tried again is done once. */
  POST: Call<'post'>;
  PUT: Call<'put'>;
  PATCH: Call<'patch'>;
  DELETE: Call<'delete'>;
  /** The rows of a list, page by page: `for await (const site of opskeep.pages('/api/sites'))`. */
  pages<P extends ListPath>(path: P, init?: ListInit<P>): AsyncGenerator<ItemOf<P>, void, undefined>;
  /** What is created, changed and deleted: `for await (const change of opskeep.changes({ after }))`. */
  changes(init?: ChangesInit): ChangeFeed;
  /** A list as a file, which comes as a stream. */
  export<P extends ExportPath>(path: P, ...init: Arguments<InitOf<P, 'get'>>): Promise<ExportedFile>;
  /** The rows of an export one by one, however many there are. */
  rows<P extends ExportPath>(
    path: P,
    ...init: Arguments<InitOf<P, 'get'>>
  ): AsyncGenerator<ExportedRow<P>, void, undefined>;
  /** A report as a file, to read and to print or with its rows; as an object it comes by GET. */
  report<N extends ReportName>(name: N, init: ReportInit<N>): Promise<ExportedFile>;
  /**
   * Brings in a file of rows as it is, and waits until it is in: `opskeep.import('sites', csv)`. Rejects with an
   * `OpskeepImportError`, whose `job.errors` names the rows at fault, when it is not.
   */
  import(resource: ImportedResource, file: ImportedFile, init?: ImportInit): Promise<ImportJob>;
  /** Ends the login, on the server and in the storage. */
  logout(): Promise<void>;
}

/** Calls without the types of their paths. */
interface AnyInit {
  params?: { query?: object; path?: Record<string, string | number | null | undefined>; header?: object };
  headers?: object;
  [more: string]: unknown;
}
type AnyCall = (path: string, init?: AnyInit) => Promise<{ data: unknown; response: Response }>;

/** A client of the server at `url`. It asks for nothing before it is used. */
export function createOpskeep({ url, token, login, storage, ...sending }: OpskeepOptions): Opskeep {
  const base = baseOf(url);
  const sender = new Sender(base, sending);
  const ask = (path: string, body: object) =>
    sender.send(
      new Request(base + path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
        redirect: 'manual',
      }),
    );
  const session = new Session({ token, login, storage }, ask, `opskeep ${base}`);
  const client = createClient<paths>({
    baseUrl: base,
    redirect: 'manual',
    fetch: request => sent(request),
    bodySerializer,
    // `custom_fields` are parameters of their own names.
    querySerializer: createQuerySerializer({ object: { style: 'form', explode: true } }),
  });
  const sent = async (request: Request) => {
    const response = await sender.send(request, session);
    if (!response.ok) throw await errorOf(response);
    return response;
  };
  const answer = async (method: Uppercase<Method>, path: string, init?: AnyInit) => {
    requireIds(path, init);
    requireHeaders(init);
    return (await (client[method] as unknown as AnyCall)(path, { ...init, parseAs: 'stream' })).response;
  };
  const call =
    (method: Uppercase<Method>): AnyCall =>
    async (path, init) => {
      const response = await answer(method, path, init);
      return { data: await dataOf(response), response };
    };
  const [get, post] = [call('GET'), call('POST')];
  const exported = async (path: string, init?: AnyInit) => fileOf(await answer('GET', path, init));

  const withQuery = (init: AnyInit, query: object): AnyInit => ({
    ...init,
    params: { ...init.params, query: { ...init.params?.query, ...query } },
  });
  const untyped = {
    GET: get,
    POST: post,
    PUT: call('PUT'),
    PATCH: call('PATCH'),
    DELETE: call('DELETE'),
    pages: (path: string, init: AnyInit = {}) =>
      rowsOf(
        async cursor =>
          (await get(path, withQuery(init, cursor === undefined ? {} : { cursor }))).data as Page,
      ),
    changes: (init: ChangesInit = {}) =>
      new ChangeFeed(async query => {
        const { data } = await get('/api/changes', { params: { query }, signal: init.signal });
        return data as components['schemas']['ChangesAnswer'];
      }, init),
    export: exported,
    rows: async function* (path: string, init: AnyInit = {}) {
      yield* linesOf((await exported(path, withQuery(init, { format: 'ndjson' }))).stream);
    },
    report: (name: string, { signal, ...query }: AnyInit) =>
      exported('/api/reports/{name}', { params: { path: { name }, query }, signal }),
    import: (resource: string, file: ImportedFile, init: ImportInit = {}) => {
      const { type: _, onProgress: __, signal, ...query } = init;
      const path = (id: string) => ({ params: { path: { id } }, signal });
      return imported(file, init, {
        send: async (body, type) => {
          const params = { path: { resource }, query };
          const headers = { 'content-type': type };
          return (await post('/api/bulk-import/{resource}', { params, body, headers, signal })).data;
        },
        look: async id => (await get('/api/bulk-import/jobs/{id}', path(id))).data,
      });
    },
    logout: async () => {
      await post('/api/auth/logout').finally(() => session.forget());
    },
  };
  return untyped as unknown as Opskeep;
}

/** Without a slash at its end. */
function baseOf(url: string | URL): string {
  const { protocol, username, password, search, hash, origin, pathname } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new TypeError('The url must begin with https:// or http://');
  if (username || password || search || hash)
    throw new TypeError('The url must have no user, query or fragment');
  return origin + pathname.replace(/\/+$/, '');
}

/** An id that is no part of a path of its own would lead to another route: `..` to the list. */
function requireIds(path: string, { params }: AnyInit = {}): void {
  for (const [, name = ''] of path.matchAll(/\{(\w+)\}/g))
    if (['', '.', '..'].includes(String(params?.path?.[name] ?? '')))
      throw new TypeError(`The ${name} of ${path} is empty, or not an id`);
}

/** The error of `Headers` would tell the value, which may be a token. */
function requireHeaders({ headers, params }: AnyInit = {}): void {
  const all: unknown[] = [headers, params?.header].flatMap(entriesOf);
  for (const [name, value] of all as [unknown, unknown][])
    if (/[\0\r\n]|[^\0-\xff]/.test(String(value).trim()))
      throw new TypeError(`The header ${String(name)} has characters that no header may have`);
}

const entriesOf = (headers: object | undefined): unknown[] =>
  headers && Symbol.iterator in headers ? [...(headers as Iterable<unknown>)] : Object.entries(headers ?? {});
