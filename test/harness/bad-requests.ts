import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { RequestOptions } from '../app.js';
import type { ApiDocument } from './all-resources.js';
import { badValues, bodyFields, MARK, resolve, type Schema } from './bad-values.js';
import type { Route } from './every-route.js';
import { exampleOf } from './examples.js';
import type { Body } from './requests.js';

/** A request that no route may take, and why. */
export interface BadRequest {
  route: Route;
  kind: string;
  url: string;
  options: RequestOptions;
}
type Bad = fc.Arbitrary<BadRequest>;
type Made = Partial<Pick<BadRequest, 'url'>> & { options: RequestOptions };

const WRITING = ['POST', 'PUT', 'PATCH'];
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
/** Texts that no JSON of ours may hold. */
const broken = fc.tuple(text, fc.constantFrom('\0', '\ud800', '\udfff')).map(parts => parts.join(''));
const composite = fc.oneof(fc.dictionary(text, fc.integer(), { minKeys: 1, maxKeys: 3 }), fc.array(fc.integer(), { minLength: 1, maxLength: 3 })); // prettier-ignore
const scalar = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
const deep = fc.integer({ min: 21, max: 4_000 }).map(depth => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown); // prettier-ignore
const huge = fc.integer({ min: 600_000, max: 1_000_000 }).map(length => MARK.padEnd(length, 'x'));

/** What a field cannot hold, by its schema. */
function unfit(document: ApiDocument, given: Schema): fc.Arbitrary<unknown> {
  const schema = resolve(document, given);
  const named = fc.constantFrom(...badValues(document, given));
  switch ([schema.type ?? 'any'].flat().find(one => one !== 'null')) {
    case 'string':
      return fc.oneof(named, scalar, composite, broken, deep, ...(schema.enum ? [text.map(one => `${one}${MARK}`)] : [])); // prettier-ignore
    case 'integer':
    case 'number':
      return fc.oneof(named, text.map(one => `x${one}`), fc.boolean(), composite, deep); // prettier-ignore
    case 'boolean':
      return fc.oneof(named, text.map(one => `x${one}`), fc.integer(), composite, deep); // prettier-ignore
    case 'array':
      return fc.oneof(named, text, scalar, fc.dictionary(text, scalar, { minKeys: 1 }), broken);
    case 'object':
      return fc.oneof(named, text, scalar, fc.array(scalar, { minLength: 1 }), broken);
    default:
      return fc.oneof(broken, deep);
  }
}

const UNKNOWN = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '$where',
  'id;--',
  '',
  ' ',
];

/** Files of another kind than the type says, or without anything that is known. */
const badFiles = (types: string[]): fc.Arbitrary<Made>[] => [
  fc
    .tuple(
      fc.constantFrom(...types),
      fc.oneof(
        text.map(one => `no_such_${one.replaceAll(/[\r\n]/g, '')}\nx\n`),
        fc.uint8Array({ minLength: 1, maxLength: 200 }).map(bytes => Buffer.from(bytes)),
        deep.map(one => JSON.stringify(one)),
      ),
    )
    .map(([type, body]) => ({ options: { body, headers: { 'content-type': type } } })),
];

/** A body with some of what the document shows, and faults. */
function badBodies(document: ApiDocument, route: Route): fc.Arbitrary<Made>[] {
  const types = Object.keys(route.operation.requestBody?.content ?? {});
  const files = types.filter(one => !/json$|form/.test(one) || one.endsWith('ndjson'));
  if (files.length > 0) return badFiles(files);
  const fields = Object.entries(bodyFields(document, route.operation) ?? {});
  const example = Object.entries(exampleOf(document, route.path, route.method.toLowerCase()) ?? {});
  // Nothing is nothing.
  const takesBody = route.operation.requestBody !== undefined;
  const base = fc.subarray(example);
  const withFaults = (faults: fc.Arbitrary<[string, unknown][]>) =>
    fc.tuple(base, faults).map(([kept, bad]) => ({ options: { body: jsonOf([...kept, ...bad]) } }));
  const unknown = fc.oneof(fc.constantFrom(...UNKNOWN), text.map(one => `no_such_${one}`)); // prettier-ignore
  const several = fields.map(([name, schema]) => unfit(document, schema).map((value): [string, unknown] => [name, value])); // prettier-ignore
  return [
    ...(several.length > 0 ? Array.from({ length: 4 }, () => withFaults(fc.array(fc.oneof(...several), { minLength: 1, maxLength: 3 }))) : []), // prettier-ignore
    withFaults(fc.tuple(unknown, fc.jsonValue({ maxDepth: 2 })).map(one => [one])),
    withFaults(fc.tuple(unknown, huge).map(one => [one])),
    fc.oneof(fc.jsonValue().filter(one => isNoObject(one) && (takesBody || one !== null)), deep).map(body => ({ options: { body: JSON.stringify(body) } })),
    fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 200 }), base).map(([bytes, kept]) => ({
      options: { body: Buffer.concat([Buffer.from(jsonOf(kept).slice(0, -1)), Buffer.from('"'), Buffer.from(bytes)]) },
    })),
  ]; // prettier-ignore
}

const isNoObject = (value: unknown) => typeof value !== 'object' || value === null || Array.isArray(value);
/** As text: a field may stand there twice, or be called __proto__. */
const jsonOf = (fields: [string, unknown][]) =>
  `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`;

/** Together with a parameter that no route takes: whatever else the request holds, it is refused. */
const refused = (url: string) => `${url}?no_such_parameter=1`;

function badQueries(route: Route): fc.Arbitrary<Made>[] {
  const known = (route.operation.parameters ?? []).filter(one => one.in === 'query');
  const name = fc.oneof(fc.constantFrom(...UNKNOWN.filter(one => one !== ''), ...known.map(one => `${one.name}[]`)), text.map(one => `no_such_${one}`)); // prettier-ignore
  const pair = (one: string, value: unknown) => `${encodeURIComponent(one.toWellFormed())}=${encodeURIComponent(String(value).toWellFormed())}`; // prettier-ignore
  const body = WRITING.includes(route.method) ? {} : undefined;
  const odd = fc.oneof(
    text,
    fc.constantFrom('%00', '\0', '', '-1', '1e309', '{}', 'null', 'x'.repeat(3_000)),
  );
  const some = known.length > 0 ? fc.array(fc.tuple(fc.constantFrom(...known.map(one => one.name)), odd), { maxLength: 3 }) : fc.constant([]); // prettier-ignore
  return [
    fc.tuple(name, odd, some).map(([one, value, more]) => ({
      url: `${route.url}?${[...more, [one, value] as const].map(([a, b]) => pair(a, b)).join('&')}`,
      options: { body },
    })),
    fc.uint8Array({ minLength: 1, maxLength: 30 }).map(bytes => ({
      url: `${refused(route.url)}&${Buffer.from(bytes).toString('latin1').replaceAll(/[^\x21-\x7e]|#/g, '%')}`,
      options: { body },
    })),
  ]; // prettier-ignore
}

function badPaths(route: Route): fc.Arbitrary<Made>[] {
  const parts = route.path.split('/');
  const ids = parts.flatMap((part, at) => (/^\{(id|.+_id|other)\}$/.test(part) ? [at] : []));
  if (ids.length === 0) return [];
  // Not `.` and `..`: a URL without them is another one.
  const bad = fc.oneof(
    text.map(one => encodeURIComponent(`${one.toWellFormed()}${MARK}`)),
    fc.uint8Array({ minLength: 1, maxLength: 12 }).map(bytes => Buffer.from(bytes).toString('hex').replaceAll(/../g, '%$&').replaceAll('%2e', '%2f')), // prettier-ignore
    fc.constantFrom('%', '%zz', '..%2f', '%00', '0', '-1', `${'0'.repeat(36)}`, 'x'.repeat(600)),
  );
  const body = WRITING.includes(route.method) ? {} : undefined;
  return [
    fc.tuple(fc.constantFrom(...ids), bad).map(([at, value]) => ({
      url: refused(route.url.split('/').map((part, n) => (n === at ? value : part)).join('/')),
      options: { body },
    })),
  ]; // prettier-ignore
}

const HEADERS = ['if-match', 'if-none-match', 'idempotency-key', 'accept', 'accept-encoding', 'content-encoding', 'content-type', 'range', 'x-request-id', 'x-opskeep-reason', 'x-opskeep-otp', 'x-forwarded-for', 'forwarded', 'origin', 'cookie', 'prefer', 'transfer-encoding'].filter(one => one !== 'transfer-encoding'); // prettier-ignore

function badHeaders(route: Route): fc.Arbitrary<Made>[] {
  // What a header may hold at all: Node refuses the rest before there is a request.
  const value = fc.oneof(
    fc.string({ unit: fc.integer({ min: 0x21, max: 0xff }).filter(one => one !== 0x7f).map(one => String.fromCharCode(one)), maxLength: 60 }),
    fc.constantFrom('', '*', '"', 'W/"1"', '"0"', 'gzip', 'br', 'deflate, gzip', 'application/json; charset=utf-16', 'multipart/form-data', 'application/jsonx', ','.repeat(500), 'x'.repeat(5_000)),
  ); // prettier-ignore
  const headers = fc.dictionary(fc.constantFrom(...HEADERS), value, { minKeys: 1, maxKeys: 4 });
  if (!WRITING.includes(route.method)) return [headers.map(one => ({ url: refused(route.url), options: { headers: one } }))]; // prettier-ignore
  const packed = fc.constantFrom(gzipSync('{}'), gzipSync('x'.repeat(2_000_000)), Buffer.from('{}'), Buffer.from([0x1f, 0x8b, 8])); // prettier-ignore
  return [
    fc.tuple(headers, packed).map(([one, body]) => ({ url: refused(route.url), options: { headers: one, body } })),
  ]; // prettier-ignore
}

/** Requests to any of the routes, each with a fault of some kind; the kinds are equally likely. */
export function badRequests(document: ApiDocument, routes: Route[]): Bad {
  const ofRoute = (route: Route) => {
    const bodies = WRITING.includes(route.method) ? badBodies(document, route) : [];
    const kinds = {
      body: bodies,
      query: badQueries(route),
      path: badPaths(route),
      header: badHeaders(route),
    };
    return Object.entries(kinds).flatMap(([kind, several]) =>
      several.length === 0
        ? []
        : [fc.oneof(...several).map(made => ({ route, kind, url: route.url, ...made }))],
    );
  };
  return fc.oneof(...routes.map(route => fc.oneof(...ofRoute(route))));
}

/** A request as a line that a person can read. */
export function lineOf({ route, kind, url, options }: BadRequest): string {
  const shown = (value: unknown) =>
    (Buffer.isBuffer(value) ? value.toString('base64') : String(value)).slice(0, 300);
  const { body, headers } = options as { body?: unknown; headers?: Body };
  return `${kind}: ${route.name} ${url.slice(0, 300)} ${JSON.stringify(headers ?? {}).slice(0, 300)} ${shown(body)}`;
}
