import { fieldsOf, type FieldSpec, type Type } from './field-spec.js';
import { keyField } from './unique-key.js';

/** A table with its declared fields; resources have routes on top of it. */
export interface StoredOptions {
  table: string;
  /** Uniqueness over several columns. */
  unique?: string[][];
  /** Indexes beside those of the fields. */
  indexes?: string[][];
}

/** What is known of a stored class: its table and its fields. */
export interface StoredSpec {
  type: Type;
  table: string;
  /** The columns. */
  fields: FieldSpec[];
  /** Fields without a column: secrets of a body, derived ones of an answer. */
  virtual: FieldSpec[];
  byName: Map<string, FieldSpec>;
  unique: string[][];
  indexes: string[][];
}

const STORED = new Map<Type, StoredSpec>();

/** Makes a class known as a table; `@Stored` and `@Resource` call it. */
export function declareStored(type: Type, options: StoredOptions): StoredSpec {
  const declared = fieldsOf(type).flatMap(field => [field, keyField(field) ?? []].flat());
  const fields = declared.filter(one => !one.virtual);
  const spec = {
    type,
    table: options.table,
    fields,
    virtual: declared.filter(one => one.virtual),
    byName: new Map(fields.map(one => [one.name, one])),
    unique: options.unique ?? [],
    indexes: options.indexes ?? [],
  };
  STORED.set(type, spec);
  return spec;
}

/** A table without routes of its own. */
export function Stored(options: StoredOptions): ClassDecorator {
  return target => {
    declareStored(target as unknown as Type, options);
  };
}

export function storedOf(type: Type): StoredSpec {
  const spec = STORED.get(type);
  if (!spec) throw new Error(`${type.name} has no @Resource or @Stored`);
  return spec;
}

/** Every stored class that has been imported, in the order of import. */
export function allStored(): StoredSpec[] {
  return [...STORED.values()];
}

/** How errors name the thing: the class of a resource, the table of anything else. */
export function storedLabel(spec: StoredSpec): string {
  return spec.type.name || spec.table;
}
