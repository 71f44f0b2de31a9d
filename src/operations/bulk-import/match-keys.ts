import { ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { inParts, placeholders, type SqlValue } from '../../core/database/sql.js';
import { normalizeText } from '../../core/resource/bodies/body-decorators.js';
import type { ResourceKit } from '../../core/resource/kit.js';
import type { ResourceSpec } from '../../core/resource/resource.js';
import type { AnyResourceService } from '../../core/resource/resource-registry.js';
import { canonical, decoderOf, encode } from '../../core/table/codec.js';
import { type Clause, allOf } from '../../core/table/clause.js';
import { keyValue } from '../../core/table/unique-key.js';

type Values = Record<string, unknown>;

/** Fields that no two rows of a resource have alike: a file's rows are compared by them with those that are there. */
export interface MatchKey {
  fields: string[];
  /** The column that has them as one value, where a text is unique as people read it. */
  column?: string;
}

/** Conditions of one statement. */
const TOGETHER = 200;

/** `id` first; then what is unique in the table, or within others. */
export function matchKeys(spec: ResourceSpec): MatchKey[] {
  const writable = (name: string) => {
    const field = spec.byName.get(name);
    return field !== undefined && !field.readOnly && !field.internal && !field.writeOnly;
  };
  const own = spec.fields.flatMap(({ name, unique, uniqueWithin }): MatchKey[] => [
    ...(uniqueWithin ? [{ fields: [...uniqueWithin, name], column: `${name}_key` }] : []),
    ...(unique ? [{ fields: [name] }] : []),
  ]);
  const keys = [...own, ...spec.unique.map(fields => ({ fields }))];
  return [{ fields: ['id'] }, ...keys.filter(({ fields }) => fields.every(writable))];
}

/**
 * `match_key` of a query: the names of its fields with commas between, in any order; of a name that is unique within
 * others, it alone will do. Without one, the first key of the resource that is none of ids.
 *
 * @throws ValidationError that names the keys of the resource
 */
export function matchKeyOf(spec: ResourceSpec, asked: string | undefined): MatchKey | undefined {
  const keys = matchKeys(spec);
  if (asked === undefined) return keys[1];
  const names = asked.split(',').map(one => one.trim());
  const found = keys.find(
    ({ fields, column }) =>
      sorted(fields) === sorted(names) || (column !== undefined && fields.at(-1) === names.join()),
  );
  if (found) return found;
  const said = keys.map(({ fields }) => fields.join(',')).join(' or ');
  throw ValidationError.of('match_key', `must be ${said}: by these no two rows of ${spec.path} are alike`, 'enum'); // prettier-ignore
}

const sorted = (names: string[]) => [...names].sort().join();

/** What a row has in the fields of a key, as text; undefined where it lacks what the key is about. */
export function keyIn(spec: ResourceSpec, { fields, column }: MatchKey, row: Values): string | undefined {
  const values: Values = {};
  for (const name of fields) {
    const field = spec.byName.get(name);
    const given = row[name] ?? (name === spec.owner ? ownId() : null);
    const text = field?.normalize ? normalizeText(field, given) : given;
    values[name] = field && typeof text === 'string' ? canonicalOf(() => canonical(field, text)) : text;
  }
  const last = fields.at(-1) ?? 'id';
  if (values[last] === null || values[last] === undefined || values[last] === '') return undefined;
  if (column === undefined) return fields.every(one => values[one] !== null) ? JSON.stringify(fields.map(one => values[one])) : undefined; // prettier-ignore
  if (typeof values[last] !== 'string') return undefined;
  return keyValue({ field: last, within: fields.slice(0, -1) }, values) ?? undefined;
}

/** What is no value of its field is told by the rules of the field. */
function canonicalOf(work: () => unknown): unknown {
  try {
    return work();
  } catch {
    return null;
  }
}

/** Whose a new row is that names no owner. */
function ownId(): string | null {
  const { kind, id } = currentActor();
  return kind === 'user' ? id : null;
}

/** The ids of the rows that have these keys and that the actor sees, by key. */
export async function rowsWith(
  kit: ResourceKit,
  service: AnyResourceService,
  key: MatchKey,
  wanted: readonly string[],
): Promise<Map<string, string>> {
  const { spec } = service;
  const found = new Map<string, string>();
  const columns = key.column ? [key.column] : key.fields;
  for (const part of inParts([...new Set(wanted)], TOGETHER)) {
    const { sql, values } = allOf([conditionOf(spec, key, part), ...service.visible()]);
    const names = columns.map((name, n) => `${spec.table}.${name} AS k${n}`).join(', ');
    const text = `SELECT ${spec.table}.id, ${names} FROM ${spec.table} WHERE ${sql}`;
    for (const row of await kit.units.sql.select<Record<string, SqlValue>>(text, values)) {
      const stored = columns.map((_name, n) => row[`k${n}`]);
      found.set(key.column ? String(stored[0]) : textOf(spec, key, stored), String(row.id));
    }
  }
  return found;
}

function conditionOf(spec: ResourceSpec, { fields, column }: MatchKey, part: readonly string[]): Clause {
  const { table } = spec;
  if (column) return { sql: `${table}.${column} IN (${placeholders(part.length)})`, values: [...part] };
  const rows = part.map(one => JSON.parse(one) as unknown[]);
  const values = rows.flatMap(row =>
    fields.map((name, n) => {
      const field = spec.byName.get(name);
      return field ? encode(field, row[n]) : null;
    }),
  );
  const [first, ...more] = fields;
  if (more.length === 0) return { sql: `${table}.${first} IN (${placeholders(values.length)})`, values };
  const one = `(${fields.map(name => `${table}.${name} = ?`).join(' AND ')})`;
  return { sql: `(${rows.map(() => one).join(' OR ')})`, values };
}

/** Stored values as the key of a row has them. */
function textOf(spec: ResourceSpec, { fields }: MatchKey, stored: unknown[]): string {
  const row = Object.fromEntries(fields.map((name, n) => [name, stored[n] as SqlValue]));
  const [decoded] = decoderOf<Values>(fields.flatMap(name => spec.byName.get(name) ?? []))([row]);
  return JSON.stringify(fields.map(name => decoded?.[name]));
}
