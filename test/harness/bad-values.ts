import type { ApiDocument, Operation } from './all-resources.js';
import type { Body } from './requests.js';

/** Stands in every bad value: no answer may hold it. */
export const MARK = 'CANARYVALUE';

export interface Schema extends Body {
  $ref?: string;
  type?: string | string[];
  readOnly?: boolean;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  maxLength?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  anyOf?: Schema[];
  allOf?: Schema[];
}

/** A schema with what it refers to, of several the first that is not null. */
export function resolve(document: ApiDocument, schema: Schema): Schema {
  const one = schema.allOf?.[0] ?? schema.anyOf?.find(any => any.type !== 'null') ?? schema;
  if (!one.$ref) return one;
  return resolve(document, document.components.schemas[one.$ref.split('/').at(-1) ?? ''] as Schema);
}

/** The fields of an operation's JSON body; undefined when it takes none. */
export function bodyFields(document: ApiDocument, operation: Operation): Record<string, Schema> | undefined {
  const schema = operation.requestBody?.content['application/json']?.schema as Schema | undefined;
  if (!schema) return undefined;
  // What is read-only may be sent back; the suite over all resources checks that.
  const fields = Object.entries(resolve(document, schema).properties ?? {}).filter(
    ([, one]) => !one.readOnly,
  );
  return Object.fromEntries(fields);
}

/** Values that a field cannot have, by its schema: null too, except where it says so. */
export function badValues(document: ApiDocument, given: Schema): unknown[] {
  const nullable = [given.type].flat().includes('null') || given.anyOf?.some(one => one.type === 'null');
  return [...(nullable ? [] : [null]), ...ofKind(document, resolve(document, given))];
}

function ofKind(document: ApiDocument, schema: Schema): unknown[] {
  const type = [schema.type ?? 'any'].flat().find(one => one !== 'null');
  switch (type) {
    case 'string':
      return [4711, true, { [MARK]: 1 }, [MARK], `${MARK}\0`, `${MARK}\ud800`, ...badTexts(schema)];
    case 'integer':
    case 'number':
      return [MARK, true, {}, [1], ...(type === 'integer' ? [1.5] : []), ...outside(schema)];
    case 'boolean':
      return [MARK, 1, {}, [true]];
    case 'array':
      return [MARK, 1, { [MARK]: 1 }, [null], [[MARK]], ...badItems(document, schema)];
    case 'object':
      return [MARK, 1, [MARK], true];
    default:
      return [`${MARK}\0`];
  }
}

function badTexts({ format, pattern, enum: choices, maxLength }: Schema): string[] {
  if (choices) return [MARK, ''];
  const odd = [`${MARK} <`, `${MARK},`, `${MARK}\n;`];
  const formats = ['uuid', 'date-time', 'date', 'email', 'uri'];
  const texts = odd.filter(one =>
    pattern ? !new RegExp(pattern).test(one) : formats.includes(format ?? ''),
  );
  if (format === 'date-time')
    texts.push('2026-02-30T08:00:00Z', '2026-01-31', '2026-01-31T08:00:00', '0000-01-01T00:00:00Z');
  if (format === 'date') texts.push('2026-02-30', '2026-1-1', '2026-01-31T08:00:00Z');
  return maxLength === undefined || maxLength > 500_000 ? texts : [...texts, MARK.padEnd(maxLength + 1, 'x')];
}

function outside({ minimum, maximum }: Schema): number[] {
  return [...(minimum === undefined ? [] : [minimum - 1]), ...(maximum === undefined ? [] : [maximum + 1])];
}

function badItems(document: ApiDocument, { items, maxItems }: Schema): unknown[] {
  const one = items ? resolve(document, items) : {};
  const isObject = one.type === 'object' || one.properties !== undefined;
  const many =
    maxItems === undefined ? [] : [Array.from({ length: maxItems + 1 }, (_, n) => (isObject ? {} : `x${n}`))];
  return [...many, ...(isObject ? [[MARK]] : [[{ [MARK]: 1 }], [7]])];
}

/** Bodies that no route reads: not JSON, not UTF-8, not an object, too deep, or with what JSON may not hold. */
export const UNREADABLE: [string, string | Buffer][] = [
  ['malformed JSON', `{"${MARK}": `],
  ['a second value', `{} {"${MARK}": 1}`],
  [
    'invalid UTF-8',
    Buffer.concat([Buffer.from(`{"name": "${MARK}`), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
  ],
  ['100,000 levels of lists', '['.repeat(100_000) + ']'.repeat(100_000)],
  ['50,000 levels of objects', '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000)],
  ['NUL in a value', `{"name": "${MARK}\\u0000"}`],
  ['NUL in a name', `{"${MARK}\\u0000": 1}`],
  ['half a surrogate', `{"name": "${MARK}\\ud800"}`],
  ['__proto__', `{"__proto__": {"${MARK}": true}}`],
  ['prototype in a map', `{"custom_fields": {"prototype": "${MARK}"}}`],
  ['constructor in a list', `{"items": [{"constructor": "${MARK}"}]}`],
  ['__proto__ further down', `{"name": {"__proto__": {"${MARK}": true}}}`],
];

/** JSON that is no object; a route without a body does not look at it. */
export const NO_OBJECTS: [string, string][] = [
  ['null', 'null'],
  ['a list', `["${MARK}"]`],
  ['an empty list', '[]'],
  ['a text', `"${MARK}"`],
  ['a number', '4711'],
  ['true', 'true'],
  ['nothing', ''],
];
