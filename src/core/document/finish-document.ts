import type { OpenAPIObject } from '@nestjs/swagger';
import { standardResponses } from '../http/errors/standard-errors.js';
import { Examples } from './examples.js';
import { sharedParameters } from './shared-parameters.js';
import { finishOperation, METHODS, type Operation } from './operations.js';
import { changeSchemas, mapValues, reachable, toJsonSchema, type Schema } from './schemas.js';

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; [more: string]: unknown };
  [more: string]: unknown;
}

/** Short things first: the parts of a route as one reads them. */
const KEYS = [
  'tags',
  'operationId',
  'summary',
  'description',
  'x-required-scope',
  'security',
  'parameters',
  'requestBody',
  'responses',
];

/**
 * What Nest collects → the document that is published: valid 3.1, every error and scope told, closed request
 * bodies, examples, and an order that does not depend on the order of imports. Pure.
 */
export function finishDocument(raw: object, tags: ReadonlyMap<string, string>): OpenAPIObject {
  const plain = JSON.parse(JSON.stringify(raw)) as Document;
  const document = changeSchemas(plain, toJsonSchema);
  const finished = mapValues(document.paths, path =>
    inOrderOf(
      METHODS,
      mapValues(path, (one, method) => inOrderOf(KEYS, finishOperation(method, one)) as Operation),
    ),
  );
  const { paths, parameters } = sharedParameters(sorted(finished));
  const used = new Set(
    Object.values(finished).flatMap(path => Object.values(path).flatMap(one => one.tags ?? [])),
  );
  return {
    ...document,
    tags: [...used].sort().map(name => ({ name, description: tags.get(name) })),
    paths,
    components: {
      ...document.components,
      parameters: sorted(parameters),
      responses: sorted(standardResponses()),
      schemas: sorted(finishSchemas(document.components.schemas, finished)),
    },
  } as unknown as OpenAPIObject;
}

/**
 * A default of a body as a sentence: generators make a property with the keyword `default` one that must be sent,
 * for it is always there in what is received.
 */
function withDefaultsInWords(schema: Schema): Schema {
  const properties = mapValues(schema.properties ?? {}, (one): Schema => {
    if (one.default === undefined) return one;
    const { default: value, ...rest } = one;
    const words = `\`${JSON.stringify(value)}\` when absent`;
    const description = typeof one.description === 'string' ? `${one.description}; ${words}` : words;
    return { ...rest, description };
  });
  return { ...schema, properties };
}

function finishSchemas(schemas: Record<string, Schema>, paths: Document['paths']): Record<string, Schema> {
  const bodies = Object.values(paths).flatMap(path => Object.values(path).map(one => one.requestBody));
  const requested = reachable(bodies, schemas);
  const closed = mapValues(schemas, (schema, name): Schema => {
    const open = schema.type === 'object' && schema.additionalProperties === undefined;
    return open && requested.has(name) ? { ...schema, additionalProperties: false } : schema;
  });
  const examples = new Examples(closed, requested);
  return mapValues(closed, (schema, name): Schema => {
    if (schema.type !== 'object' || !schema.properties) return schema;
    const shown = { ...schema, examples: schema.examples ?? [examples.of(name)] };
    return requested.has(name) ? withDefaultsInWords(shown) : shown;
  });
}

/** By code point, which is the same on every machine. */
function sorted<T>(map: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function inOrderOf<T>(order: readonly string[], map: Record<string, T>): Record<string, T> {
  const place = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => place(a) - place(b)));
}
