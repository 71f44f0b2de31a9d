import '../../src/application.js';
import { allResources, type ResourceSpec } from '../../src/core/resource/resource.js';
import type { TestApp } from '../app.js';
import type { Body, Shown } from './requests.js';

/** For `describe.each`: every resource of the application, by its path. */
export const RESOURCES: [string, ResourceSpec][] = allResources()
  .map((spec): [string, ResourceSpec] => [spec.path, spec])
  .sort(([a], [b]) => (a < b ? -1 : 1));

/** What the kit makes of a row depends on these, before and after a resource's own code. */
const traitsOf = (spec: ResourceSpec) =>
  [
    typeof spec.client === 'string' ? spec.client : 'via',
    spec.inheritsClient,
    spec.owner !== undefined,
    spec.secrets,
    spec.taggable,
    spec.byName.has('content_key'),
    spec.virtual.some(one => one.afterWriting),
    spec.keeps,
  ].join();

/** The first with each set of traits: what the kit decides by itself, they show for all. */
export const FIRST_OF_KIND: ReadonlySet<string> = new Set(
  new Map(RESOURCES.toReversed().map(([path, spec]) => [traitsOf(spec), path])).values(),
);

const UNIFORM = {
  list: ['get', ''],
  create: ['post', ''],
  bulk: ['post', '/bulk'],
  get: ['get', '/{id}'],
  update: ['patch', '/{id}'],
  put: ['put', '/{id}'],
  remove: ['delete', '/{id}'],
} as const;
export type Uniform = keyof typeof UNIFORM;

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema?: Body;
}

export interface Operation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Body }> };
  responses: Record<string, Body>;
  security?: Record<string, string[]>[];
  'x-required-scope'?: string;
  'x-changes-nothing'?: boolean;
}
export interface ApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Body>; parameters: Record<string, Parameter> };
}

/** The document as the running application serves it, its shared parameters written out in each operation. */
export async function documentOf(t: TestApp): Promise<ApiDocument> {
  const document = (await t.http('GET', '/api/openapi.json')).body as unknown as ApiDocument;
  for (const operation of Object.values(document.paths).flatMap(path => Object.values(path)))
    operation.parameters = parametersOf(operation.parameters, document.components.parameters);
  return document;
}

/** The parameters themselves, for what may refer to shared ones. */
export function parametersOf<P extends object>(
  given: readonly object[] = [],
  shared: Record<string, P>,
): P[] {
  return given.map(one => {
    if (!('$ref' in one)) return one as P;
    const found = shared[String(one.$ref).replace('#/components/parameters/', '')];
    if (!found) throw new Error(`The document has no ${String(one.$ref)}`);
    return found;
  });
}

/** Which of the uniform routes a resource has: a log has no update, for example. */
export function uniformRoutes(document: ApiDocument, spec: ResourceSpec): Set<Uniform> {
  const names = Object.keys(UNIFORM) as Uniform[];
  return new Set(
    names.filter(name => {
      const [method, tail] = UNIFORM[name];
      return document.paths[`/api/${spec.path}${tail}`]?.[method] !== undefined;
    }),
  );
}

/** Every row that the caller sees, archived ones too, in the order of creation. */
export async function allRows(t: TestApp, spec: ResourceSpec, token?: string): Promise<Shown[]> {
  const rows: Shown[] = [];
  const archived: Record<string, string> = spec.archivable ? { archived: 'any' } : {};
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = { sort: 'id', limit: 1000, ...archived, ...(cursor === '' ? {} : { cursor }) };
    const page = await t.http('GET', `/api/${spec.path}`, { query, token });
    if (page.status !== 200) throw new Error(`GET /api/${spec.path}: ${page.status} ${page.text}`);
    rows.push(...page.body.items);
    cursor = page.body.next;
  }
  return rows;
}

/** The names of the fields that an answer shows. */
export function shownFields(spec: ResourceSpec): string[] {
  return [...spec.fields, ...spec.virtual].filter(one => !one.writeOnly).map(one => one.name);
}
