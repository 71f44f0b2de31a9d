import { mapValues, nameOf, type Schema } from './schemas.js';

const BY_FORMAT: Record<string, string> = {
  uuid: '01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11',
  'date-time': '2026-01-31T08:00:00.000Z',
  date: '2026-01-31',
  email: 'tech@acme.example',
  uri: 'https://acme.example',
  password: 'a long phrase that only you know',
};
/** Tried in turn where a pattern asks for more than words. */
const BY_PATTERN = ['example', '1', '1.00', '123456', 'EXAMPLE-1', '08:00', 'a1b2c3d4', 'a'.repeat(64)];

/** Makes examples for the schemas of a document from what they say. The same schemas give the same examples. */
export class Examples {
  private readonly open = new Set<string>();
  /** Something that one sends is being made. */
  private sent = false;

  /** `requested`: the names of the schemas of request bodies. */
  constructor(
    private readonly schemas: Record<string, Schema>,
    private readonly requested: ReadonlySet<string>,
  ) {}

  /** The example of a named schema; undefined when it refers to itself. */
  of(name: string): unknown {
    const schema = this.schemas[name] ?? {};
    if (schema.examples) return schema.examples[0];
    if (this.open.has(name)) return undefined;
    const outer = this.sent;
    this.sent = this.requested.has(name);
    this.open.add(name);
    const example = this.sent ? this.short(schema) : this.full(schema);
    this.open.delete(name);
    this.sent = outer;
    return example;
  }

  /** An object with every field, as an answer has it. */
  private full(schema: Schema): unknown {
    return mapValues(schema.properties ?? {}, (one, name) => this.value(one, name));
  }

  /** What one would really send: the required fields, and those that say what they look like. */
  private short(schema: Schema): unknown {
    const writable = Object.entries(schema.properties ?? {}).filter(([, one]) => !one.readOnly);
    const isSent = ([name, one]: [string, Schema]) =>
      schema.required?.includes(name) || one.examples !== undefined || typeof one.default === 'string';
    const chosen = writable.filter(isSent);
    const any =
      writable.find(([, one]) => !one.format && [one.type].flat().includes('string')) ?? writable[0];
    if (chosen.length === 0 && any) chosen.push(any);
    return Object.fromEntries(chosen.map(([name, one]) => [name, this.value(one, name)]));
  }

  private value(schema: Schema, name: string): unknown {
    if (schema.examples) return schema.examples[0];
    if (schema.const !== undefined) return schema.const;
    if (schema.default !== undefined && schema.default !== null) return schema.default;
    if (schema.enum) return schema.enum[0];
    if (schema.$ref !== undefined) return this.of(nameOf(schema.$ref));
    const inner = (schema.allOf ?? schema.anyOf ?? schema.oneOf)?.[0];
    return inner ? this.value(inner, name) : this.byType(schema, name);
  }

  private item(schema: Schema, name: string): unknown {
    const item = this.value(schema, name);
    return this.sent ? another(item) : item;
  }

  private byType(schema: Schema, name: string): unknown {
    const types = [schema.type ?? 'null'].flat();
    // What has not happened yet; `archived_at` of a row that is in use.
    if (types.includes('null') && name.endsWith('_at')) return null;
    switch (types[0]) {
      case 'object':
        return this.full(schema);
      case 'array':
        return schema.items ? [this.item(schema.items, name)] : [];
      case 'integer':
      case 'number':
        return Math.max(1, schema.minimum ?? 1);
      case 'boolean':
        return false;
      case 'string':
        return text(schema, name);
      default:
        return null;
    }
  }
}

/** The same row under another name, so that it can be created beside the first. */
function another(row: unknown): unknown {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return row;
  return mapValues(row as Record<string, unknown>, one =>
    typeof one === 'string'
      ? one
          .replace(/^Example /, 'Another ')
          .replace(/^example_/, 'another_')
          .replace(/^\w+@/, 'another@')
      : one,
  );
}

function text({ format, pattern, minLength = 0, maxLength = Infinity }: Schema, name: string): string | null {
  const byFormat = BY_FORMAT[format ?? ''];
  if (byFormat !== undefined) return byFormat;
  const words = `Example ${name.replaceAll('_', ' ')}`.slice(0, maxLength).padEnd(minLength, '.');
  if (pattern === undefined) return words;
  const fits = (one: string) =>
    new RegExp(pattern).test(one) && one.length >= minLength && one.length <= maxLength;
  return [words, ...BY_PATTERN].find(fits) ?? null;
}
