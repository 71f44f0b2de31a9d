import { randomUUID } from 'node:crypto';
import type { Answer, RequestOptions, TestApp } from '../app.js';
import { factories } from '../factories.js';
import { type ApiDocument, documentOf, type Operation, RESOURCES } from './all-resources.js';
import { MARK } from './bad-values.js';

/** An operation of the document, with a path that names rows which exist where it can. */
export interface Route {
  name: string;
  method: string;
  path: string;
  url: string;
  operation: Operation;
  /** Made by `ResourceController`, as the route of the same kind is for every other resource. */
  uniform: boolean;
}

/** The status that belongs to each code of an error. */
const CODES: Record<number, string> = {
  401: 'authentication', 403: 'authorization', 404: 'not_found', 405: 'method_not_allowed', 409: 'conflict', 412: 'precondition',
  413: 'too_large', 415: 'unsupported_media_type', 422: 'validation', 429: 'rate_limited',
}; // prettier-ignore

/** Every operation of the document; so a new route is covered without a line here. */
export async function everyRoute(t: TestApp): Promise<{ document: ApiDocument; routes: Route[] }> {
  const document = await documentOf(t);
  const ids = new Map<string, string>();
  for (const [path] of RESOURCES) if (factories[path]) ids.set(path, (await t.make(path)).id);
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const known = ids.get(path.split('/')[2] ?? '');
      const url = path
        .replace('{id}', known ?? randomUUID())
        .replace('{infrastructure_id}', ids.get('infrastructure') ?? randomUUID())
        .replaceAll(/\{([^}]+)\}/g, (_all, name: string) => fitting(operation, name));
      const name = `${method.toUpperCase()} ${path}`;
      return { name, method: method.toUpperCase(), path, url, operation, uniform: isUniform(method, path) };
    }),
  );
  return { document, routes };
}

const TAILS: Record<string, RegExp> = {
  get: /^(\/\{id\}|\/export|\/by-[a-z-]+\/\{id\})?$/, post: /^(\/bulk)?$/, put: /^\/\{id\}$/, patch: /^\/\{id\}$/, delete: /^\/\{id\}$/,
}; // prettier-ignore

function isUniform(method: string, path: string): boolean {
  const [, , resource = ''] = path.split('/');
  const tail = path.slice(`/api/${resource}`.length);
  return RESOURCES.some(([one]) => one === resource) && TAILS[method]?.test(tail) === true;
}

/**
 * For what the layers before and behind a route decide (headers, content types, sizes, JSON): every route that somebody
 * wrote by hand, and the uniform ones of one resource.
 */
export function oneOfEachKind(routes: Route[]): Route[] {
  return routes.filter(one => !one.uniform || /^\/api\/projects(\/|$)/.test(one.path));
}

function fitting(operation: Operation, name: string): string {
  const schema = operation.parameters?.find(one => one.in === 'path' && one.name === name)?.schema;
  if (schema?.type === 'integer') return '1';
  return Array.isArray(schema?.enum) ? String(schema.enum[0]) : randomUUID();
}

/** What is wrong with the answer to bad input; undefined when it is a clear refusal of the one shape. */
export function faultOf(answer: Answer, url: string): string | undefined {
  const { status, headers, body, text } = answer;
  if (status < 400 || status >= 500) return `answered ${status}`;
  if (!headers['content-type']?.startsWith('application/json'))
    return `content type ${headers['content-type']}`;
  if (Object.keys(body).join() !== 'error,code,details,path,request_id')
    return `shape ${Object.keys(body).join()}`;
  if (body.code !== CODES[status]) return `${status} with code ${body.code}`;
  if (typeof body.error !== 'string' || body.error === '') return 'says nothing';
  if (typeof body.details !== 'object' || body.details === null) return 'details are no object';
  if (body.request_id !== headers['x-request-id']) return 'names another request';
  if (body.path !== url.split('?')[0]) return `path ${body.path}`;
  if (
    status === 422 &&
    !body.details.errors?.every(one => typeof one.field === 'string' && one.message && one.rule)
  )
    return 'names no fault';
  return text.replaceAll(body.path, '').includes(MARK) ? 'repeats the submitted value' : undefined;
}

/** Sends one bad request, and adds to `faults` what is wrong with the answer. */
export async function send(
  t: TestApp,
  route: Route,
  kind: string,
  options: RequestOptions,
  faults: string[],
  url = route.url,
): Promise<Answer> {
  const answer = await t.http(route.method, url, options);
  const fault = faultOf(answer, url);
  if (fault) faults.push(`${route.name}, ${kind}: ${fault} ${answer.text.slice(0, 200)}`);
  return answer;
}
